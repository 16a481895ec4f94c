/** Signing in with a token, where the server asks for one. */
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSession, useSignIn } from "../api/queries.ts";
import { ApiError } from "../api/request.ts";
import { Dialog } from "../components/dialog.tsx";

/** True where the server lets us do this; undefined while we do not know. */
export function useMay(scope: "write" | "apply"): boolean | undefined {
  const session = useSession().data;
  return session?.scopes.some((held) => held === scope || held === "admin");
}

const saidBy = (error: Error): string =>
  error instanceof ApiError && error.detail !== "" && error.detail !== error.message
    ? `${error.message}: ${error.detail}`
    : error.message;

export function SignIn({ label = "Sign in" }: { label?: string }) {
  const [opened, setOpened] = useState(false);
  const [token, setToken] = useState("");
  const client = useQueryClient();
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(token, {
      onSuccess: () => {
        setOpened(false);
        setToken("");
        client.invalidateQueries();
      },
    });
  };
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpened(true)}>
        {label}
      </button>
      <Dialog opened={opened} close={() => setOpened(false)} title="Sign in" size={480}>
        <form onSubmit={submit} className="sign-in">
          <p className="f2">
            Reading needs no sign-in on this machine; planning and applying do. Open the link that{" "}
            <code>headgate serve</code> printed, or paste a token.
          </p>
          <label>
            <span className="s f2">Token</span>
            <input
              className="in"
              type="password"
              autoComplete="off"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              data-autofocus
            />
          </label>
          {signIn.error && (
            <p className="st fail" role="alert">
              {saidBy(signIn.error)}
            </p>
          )}
          <button type="submit" className="btn pri" disabled={token === "" || signIn.isPending}>
            Sign in
          </button>
        </form>
      </Dialog>
    </>
  );
}
