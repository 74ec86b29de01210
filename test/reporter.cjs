// Mocha's spec output, closed by the one line that counts everywhere: "N passed, N failed, N skipped".
const { reporters } = require('mocha');

class CountingSpec extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      reporters.Base.consoleLog(`${passes} passed, ${failures} failed, ${pending} skipped`);
    });
  }
}

module.exports = CountingSpec;
