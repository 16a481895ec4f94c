/**
 * What people do in the workspace behind headgate's back, as a command for scripts.
 *
 *   fake CALL ['{"json": "argument"}']            any control call, e.g. fake add-fault '{"path": "jobs/create", "status": 503}'
 *   fake edit-job NAME '{"max_retries": 3}'       settings replaced field by field; NAME is a job's name or id
 *   fake job|clone-job|strip-tags|delete-job|grant NAME ['{…}']
 *   fake job-id NAME                              prints the id
 *
 * Calls that read print JSON; calls that change print nothing.
 */
const READS = ["jobs", "job", "requests", "files", "clock", "faults"];
const OF_A_JOB = ["job", "job-id", "edit-job", "clone-job", "strip-tags", "delete-job", "grant"];

const [call, ...rest] = process.argv.slice(2);

const ask = async (name, argument) => {
  const answer = await fetch(`${process.env.FAKE_URL}/_fake/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(argument),
  });
  const text = await answer.text();
  if (!answer.ok) {
    console.error(`fake ${name}: ${text}`);
    process.exit(1);
  }
  return JSON.parse(text);
};

const idOf = async (name) => {
  const found = (await ask("jobs", {})).filter((job) => job.jobId === name || job.settings.name === name);
  if (found.length === 1) return found[0].jobId;
  console.error(`fake: ${found.length} jobs are named ${name}`);
  process.exit(1);
};

const named = OF_A_JOB.includes(call) && rest[0] !== undefined && !rest[0].startsWith("{");
const given = JSON.parse((named ? rest[1] : rest[0]) ?? "{}");
const jobId = named ? await idOf(rest[0]) : undefined;

if (call === "job-id") console.log(jobId);
else {
  const wrapped = call === "edit-job" && named ? { settings: given } : given;
  const answer = await ask(call, named ? { jobId, ...wrapped } : wrapped);
  if (READS.includes(call)) console.log(JSON.stringify(answer, null, 2));
}
