/** Random steps of people and contracts around an AccessManager: the same seed gives the same steps. */
import { AbiCoder, Interface, keccak256, ZeroAddress } from "ethers";

const day = 86_400;
const expirationSeconds = 7 * day;

/** The addresses that a run is about. `people` can send transactions. */
export interface ManagerWorld {
  manager: string;
  people: readonly string[];
  probes: readonly string[];
  consumer: string;
}

/** One transaction: who sends what to whom, and at what time (seconds since the epoch). */
export interface ManagerStep {
  from: string;
  to: string;
  data: string;
  value: bigint;
  time: number;
}

interface Call {
  target: string;
  data: string;
}

/** A scheduled call that a later step may come back to. */
interface Scheduled extends Call {
  caller: string;
}

const managerFunctions = new Interface([
  "function labelRole(uint64, string)",
  "function setRoleAdmin(uint64, uint64)",
  "function setRoleGuardian(uint64, uint64)",
  "function setGrantDelay(uint64, uint32)",
  "function grantRole(uint64, address, uint32)",
  "function revokeRole(uint64, address)",
  "function renounceRole(uint64, address)",
  "function setTargetClosed(address, bool)",
  "function setTargetFunctionRole(address, bytes4[], uint64)",
  "function setTargetAdminDelay(address, uint32)",
  "function updateAuthority(address, address)",
  "function schedule(address, bytes, uint48)",
  "function execute(address, bytes) payable",
  "function cancel(address, address, bytes)",
  "function consumeScheduledOp(address, bytes)",
  "function multicall(bytes[])",
]);

const probeFunctions = new Interface([
  "function note(uint256) payable",
  "function noteUnguarded(uint256) payable",
  "function fail(uint256)",
  "function reenter(uint256)",
  "function program(address, bytes)",
  "function setAuthority(address)",
  "function answer(bytes4)",
  "function consume(address, address, bytes)",
]);

/** Roles that the steps use: the locked ones and some others, but never GRANT_ROLE, by which Authority differs. */
export const stepRoles = [0n, 1n, 2n, 42n, 2n ** 64n - 1n] as const;

/** Functions that the steps give to roles. */
export const stepSelectors = [
  ...["note", "noteUnguarded", "fail", "reenter", "setAuthority"].map((name) => selectorOf(probeFunctions, name)),
  ...["execute", "multicall", "labelRole", "schedule"].map((name) => selectorOf(managerFunctions, name)),
];

function selectorOf(contract: Interface, name: string): string {
  return contract.getFunction(name)?.selector ?? "0x";
}

/** Numbers in [0, 1), by Weyl sequence and mixing: good enough to choose, the same everywhere. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Thinks of steps. What it is told of their success decides to which scheduled calls it comes back. */
export class ManagerSteps {
  readonly scheduled: Scheduled[] = [];
  readonly #world: ManagerWorld;
  readonly #random: () => number;
  readonly #leastAdminDelay: number;
  #time: number;

  /** @param leastAdminDelay No step grants ADMIN_ROLE with a shorter delay (seconds), by which Authority differs. */
  constructor(seed: number, world: ManagerWorld, time: number, leastAdminDelay: number) {
    this.#random = numbers(seed);
    this.#world = world;
    this.#time = time;
    this.#leastAdminDelay = leastAdminDelay;
  }

  /** The next step. `readyAt` tells for when an operation is scheduled, 0 for none. */
  async next(readyAt: (operation: string) => Promise<number>): Promise<ManagerStep> {
    this.#time += this.#pick([1, 1, 1, 2, 30, 60, 600, 3600, day, 5 * day]);
    const come = this.scheduled.length > 0 && this.#chance(0.35);
    return come ? this.#comeBack(this.#pick(this.scheduled), readyAt) : this.#begin();
  }

  /** Remembers what a successful step has scheduled. */
  done({ from, to, data }: ManagerStep): void {
    if (to !== this.#world.manager || !data.startsWith(selectorOf(managerFunctions, "schedule"))) return;
    const [target, call] = managerFunctions.decodeFunctionData("schedule", data) as unknown as [string, string];
    this.scheduled.push({ caller: from, target, data: call });
    if (this.scheduled.length > 12) this.scheduled.shift();
  }

  /** Something new: a deed, made in one of the ways in which it can be made. */
  #begin(): ManagerStep {
    // The first of them is the first admin: without it hardly anything would be done.
    const from = this.#chance(0.5) ? this.#first() : this.#pick(this.#world.people);
    const call = this.#chance(0.5) ? this.#deed(from) : this.#targetCall();
    const value = this.#chance(0.1) ? 1n : 0n;
    const way = this.#random();
    if (way < 0.4) return this.#step(from, call.target, call.data, value);
    if (way < 0.6) return this.#manage(from, "execute", [call.target, call.data], value);
    if (way < 0.9) return this.#manage(from, "schedule", [call.target, call.data, this.#when()]);
    if (way < 0.96) return this.#manage(from, "multicall", [[call.data, this.#deed(from).data].slice(this.#int(2))]);
    const inner = managerFunctions.encodeFunctionData("execute", [call.target, call.data]);
    return this.#manage(from, "execute", [this.#world.manager, inner], value);
  }

  /** Something scheduled: made, taken back, scheduled again, most often at a second that decides. */
  async #comeBack(call: Scheduled, readyAt: (operation: string) => Promise<number>): Promise<ManagerStep> {
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["address", "address", "bytes"],
      [call.caller, call.target, call.data],
    );
    const ready = await readyAt(keccak256(encoded));
    const moment = this.#pick([
      this.#time,
      ready - 1,
      ready,
      ready,
      ready + 1,
      ready + expirationSeconds - 1,
      ready + expirationSeconds,
    ]);
    if (ready !== 0 && moment > this.#time) this.#time = moment;
    const from = this.#chance(0.8) ? call.caller : this.#pick(this.#world.people);
    const way = this.#random();
    if (way < 0.4) return this.#manage(from, "execute", [call.target, call.data]);
    if (way < 0.7) return this.#step(from, call.target, call.data, 0n);
    if (way < 0.85)
      return this.#manage(this.#pick(this.#world.people), "cancel", [call.caller, call.target, call.data]);
    return this.#manage(from, "schedule", [call.target, call.data, this.#when()]);
  }

  /** A restricted function of the manager. */
  #deed(from: string): Call {
    const role = this.#pick(stepRoles);
    const account = this.#pick([...this.#world.people, ...this.#world.probes, this.#world.consumer]);
    const target = this.#pick([...this.#world.probes, this.#world.manager, this.#world.consumer]);
    const delay = this.#pick([0, 0, 1, 60, 3600, day, 6 * day]);
    const selectors = [this.#pick(stepSelectors), this.#pick(stepSelectors)].slice(this.#int(3));
    const [name, args] = this.#pick<[string, unknown[]]>([
      ["labelRole", [role, `role ${role}`]],
      ["setRoleAdmin", [role, this.#pick(stepRoles)]],
      ["setRoleGuardian", [role, this.#pick(stepRoles)]],
      ["setGrantDelay", [role, delay]],
      ["grantRole", [role, account, role === 0n ? Math.max(delay, this.#leastAdminDelay) : delay]],
      ["grantRole", [role, account, role === 0n ? Math.max(delay, this.#leastAdminDelay) : delay]],
      ["grantRole", [role, account, role === 0n ? this.#leastAdminDelay : delay]],
      ["revokeRole", [this.#given(role), account]],
      ["renounceRole", [this.#given(role), this.#chance(0.9) ? from : account]],
      ["setTargetClosed", [target, this.#chance(0.3)]],
      ["setTargetFunctionRole", [target, selectors, role]],
      ["setTargetFunctionRole", [this.#pick(this.#world.probes), stepSelectors.slice(0, 4), role]],
      ["setTargetAdminDelay", [target, delay]],
      ["updateAuthority", [target, this.#pick([this.#world.manager, this.#world.manager, from, ZeroAddress])]],
    ]);
    return { target: this.#world.manager, data: managerFunctions.encodeFunctionData(name, args) };
  }

  /** A function of a target, or something that a target does with the manager. */
  #targetCall(): Call {
    const { manager, people, probes, consumer } = this.#world;
    const target = this.#pick(probes);
    const amount = this.#int(3);
    const earlier =
      this.scheduled.length > 0 ? this.#pick(this.scheduled) : { caller: manager, target, data: "0x12345678" };
    const again = managerFunctions.encodeFunctionData("execute", [earlier.target, earlier.data]);
    const spend = managerFunctions.encodeFunctionData("consumeScheduledOp", [
      earlier.caller,
      `${earlier.data}00000000`,
    ]);
    const [to, name, args] = this.#pick<[string, string, unknown[]]>([
      [target, "note", [amount]],
      [target, "note", [amount]],
      [target, "noteUnguarded", [amount]],
      [target, "fail", [amount]],
      [target, "reenter", [amount]],
      [target, "reenter", [amount]],
      [
        target,
        "program",
        this.#pick([
          [manager, again],
          [manager, spend],
          [ZeroAddress, "0x"],
        ]),
      ],
      [target, "setAuthority", [this.#pick(people)]],
      [consumer, "answer", [this.#pick(["0x8fb36037", "0x8fb36037", "0x00000000"])]],
      [consumer, "consume", [manager, earlier.caller, earlier.target === consumer ? earlier.data : "0x12345678"]],
    ]);
    return { target: to, data: probeFunctions.encodeFunctionData(name, args) };
  }

  /** Seldom the admins' role: a run in which nobody is an admin any more has nothing left to do. */
  #given(role: bigint): bigint {
    return role === 0n && this.#chance(0.9) ? 1n : role;
  }

  #first(): string {
    return this.#world.people[0] ?? "";
  }

  #manage(from: string, name: string, args: unknown[], value = 0n): ManagerStep {
    return this.#step(from, this.#world.manager, managerFunctions.encodeFunctionData(name, args), value);
  }

  #step(from: string, to: string, data: string, value: bigint): ManagerStep {
    return { from, to, data, value, time: this.#time };
  }

  /** A time for which to schedule: at the earliest, or around the delays that members have. */
  #when(): number {
    return this.#pick([0, 0, 0, 1, this.#time + this.#pick([59, 60, 61, 3599, 3600, 3601, day, 20 * day])]);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #int(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(list: readonly T[]): T {
    const picked = list[this.#int(list.length)];
    if (picked === undefined) throw new RangeError("nothing to pick from");
    return picked;
  }
}
