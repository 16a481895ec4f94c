// Preloaded into a measured process: when it ends, writes what it cost to the file HEADGATE_MEASURE names.
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  const measure = {
    cpuMs: (user + system) / 1000,
    userMs: user / 1000,
    peakMb: maxRSS / 1024,
    builtins: process.moduleLoadList,
  };
  require("node:fs").writeFileSync(process.env.HEADGATE_MEASURE, JSON.stringify(measure));
});
