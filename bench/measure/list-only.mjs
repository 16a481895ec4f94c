// The bare client that plan is compared with: lists all jobs with their tasks and parses the pages, nothing else.
const { DATABRICKS_HOST, DATABRICKS_TOKEN } = process.env;
let token;
let jobs = 0;
let pages = 0;
do {
  const query = new URLSearchParams({ limit: "100", expand_tasks: "true", ...(token ? { page_token: token } : {}) });
  const answer = await fetch(`${DATABRICKS_HOST}/api/2.2/jobs/list?${query}`, {
    headers: { authorization: `Bearer ${DATABRICKS_TOKEN}` },
  });
  const page = JSON.parse(await answer.text());
  jobs += page.jobs.length;
  pages += 1;
  token = page.has_more ? page.next_page_token : undefined;
} while (token);
console.log(JSON.stringify({ jobs, pages }));
