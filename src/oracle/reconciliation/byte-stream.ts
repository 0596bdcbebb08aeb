import { reconciliationError } from "./reconciliation-error.ts";

const UINT32 = 0xffff_ffff;

/** Writes a message. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  /** An integer below 2^32, seven bits a byte, the lowest first. */
  integer(value: number): this {
    const digits: number[] = [];
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) digits.push((rest % 128) | 0x80);
    return this.bytes(Uint8Array.of(...digits, rest));
  }

  take(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/** Reads a message of which nothing is believed. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws {MandateError} `ReconciliationMalformed` where fewer are left. */
  bytes(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw malformed("a message is cut off");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** All that is left. */
  rest(): Buffer {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** @throws {MandateError} `ReconciliationMalformed` where it is none, or not in its shortest form. */
  integer(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const [byte = 0] = this.bytes(1);
      value += (byte & 0x7f) * scale;
      if (value > UINT32 || scale > UINT32) throw malformed("an integer has more than 32 bits");
      if (byte < 0x80) {
        if (byte === 0 && scale > 1) throw malformed("an integer is not in its shortest form");
        return value;
      }
    }
  }

  /** @throws {MandateError} `ReconciliationMalformed` where something follows. */
  end(): void {
    if (!this.isAtEnd) throw malformed("a message goes on after its end");
  }
}

export function malformed(what: string): Error {
  return reconciliationError("ReconciliationMalformed", what);
}
