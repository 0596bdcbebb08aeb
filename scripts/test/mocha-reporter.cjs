// Mocha's own `spec` output, and the result file. CommonJS because Mocha requires its reporters by path.
const Mocha = require("mocha");

const { reportSuiteResult } = require("./suite-result.ts");

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

module.exports = class MochaReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    const skipped = [];
    let passed = 0;
    runner.on(EVENT_TEST_PASS, () => (passed += 1));
    runner.on(EVENT_TEST_FAIL, (test, { message = "no error" }) =>
      failures.push(`${test.fullTitle()}: ${message.split("\n", 1)}`),
    );
    runner.on(EVENT_TEST_PENDING, (test) => skipped.push({ test: test.fullTitle(), reason: "skipped in its code" }));
    runner.on(EVENT_RUN_END, () => reportSuiteResult({ passed, failed: failures.length, skipped, failures }));
  }
};
