import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../src/client/index.ts";
import { start, stopAll } from "../src/server/testing/start.ts";

afterEach(stopAll);

describe("the client", () => {
  it("reads, plans, applies and waits over HTTP", async () => {
    const server = await start({ settings: { apply: true } });
    const headgate = connect({ url: `${server.url}/`, token: server.token });
    expect(await headgate.status()).toMatchObject({ project: "retail", apply: true });
    expect((await headgate.jobs({ q: "night", limit: 10 })).items.map((row) => row.resource)).toEqual(["nightly"]);
    expect((await headgate.job("nightly")).row.resource).toBe("nightly");
    expect(Array.isArray(await headgate.history("nightly"))).toBe(true);
    const plan = await headgate.plan({ select: ["nightly"] });
    expect((await headgate.savedPlan(plan.id)).id).toBe(plan.id);
    const ended = await headgate.waitFor(await headgate.apply(plan.id));
    expect(ended).toMatchObject({ planId: plan.id, state: "done" });
  });

  it("says what the server said: code, status and hint", async () => {
    const server = await start();
    const headgate = connect({ url: server.url, token: server.token });
    await expect(headgate.job("nightli")).rejects.toMatchObject({
      name: "HeadgateServerError",
      status: 404,
      code: "not_found",
    });
    const plan = await headgate.plan();
    await expect(headgate.apply(plan.id)).rejects.toMatchObject({ status: 403, code: "apply_off" });
    await expect(connect({ url: server.url, token: "wrong" }).plan()).rejects.toMatchObject({ status: 401 });
  });

  it("tells a server that is not there, and a missing address", async () => {
    await expect(connect({ url: "http://127.0.0.1:1" }).status()).rejects.toMatchObject({
      status: 0,
      code: "no_answer",
    });
    // A program must not fail where it connects because nobody watches it: the call says it.
    await expect(connect({ url: "" }).status()).rejects.toMatchObject({ status: 0, code: "no_url" });
  });

  it("survives an answer that is no problem document", async () => {
    const html = async () => new Response("<html>bad gateway</html>", { status: 502 });
    await expect(connect({ url: "http://x.example", fetch: html }).status()).rejects.toMatchObject({
      status: 502,
      code: "http_502",
    });
  });
});
