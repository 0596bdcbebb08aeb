import { describe, expect, it } from "vitest";
import { confirm } from "./confirm.ts";

const answering = (answer: string) => ({ present: true, ask: () => Promise.resolve(answer) });

describe("confirm", () => {
  it("given yes, it goes on; given any other answer, it is refused", async () => {
    await confirm("Pay?", false, answering("y"));
    await confirm("Pay?", false, answering(" YES "));
    for (const answer of ["", "n", "yeah"])
      await expect(confirm("Pay?", false, answering(answer))).rejects.toMatchObject({ code: "NotConfirmed" });
  });

  it("given nobody to ask, only --yes goes on", async () => {
    const nobody = { present: false, ask: () => Promise.reject(new Error("nobody")) };
    await expect(confirm("Pay?", false, nobody)).rejects.toMatchObject({ code: "ConfirmationMissing" });
    await confirm("Pay?", true, nobody);
  });
});
