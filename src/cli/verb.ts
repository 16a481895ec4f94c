/** Defines one command: what it takes, its help, and the file that carries it out, loaded only when it runs. */
import {
  type BaseArgs,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext as ParserContext,
  type RouteMap,
  type TypedCommandParameters,
} from "@stricli/core";
import type { CliContext, Format } from "./context.ts";

/** Carries a command out. @returns the exit code */
export type VerbRun<FLAGS, ARGS extends BaseArgs> = (
  context: CliContext,
  flags: FLAGS,
  ...args: ARGS
) => Promise<number>;

/** A command that was understood, ready to run. */
export type Chosen = (context: CliContext) => Promise<number>;

/** What the parser hands through: it only understands the arguments, it runs nothing. */
export interface Choosing extends ParserContext {
  choose(chosen: Chosen): void;
}

/** A command with what its help page needs beyond flags and arguments. */
export interface Verb extends Command<Choosing> {
  /** Arguments after `headgate`, with what they do. */
  readonly examples: readonly (readonly [command: string, effect: string])[];
  readonly formats: readonly Format[];
  readonly description: string | undefined;
}

/** Definition of a {@link Verb}. */
export interface VerbDefinition<FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>>, ARGS extends BaseArgs> {
  brief: string;
  description?: string;
  examples: Verb["examples"];
  /** Default: text and json. */
  formats?: readonly Format[];
  load: () => Promise<{ default: VerbRun<FLAGS, ARGS> }>;
  parameters: NoInfer<TypedCommandParameters<FLAGS, ARGS, Choosing>>;
}

/** A record without a prototype: `--constructor` and `headgate toString` are looked up in these. */
function bare<T extends object>(record: T): T {
  return Object.assign(Object.create(null) as T, record);
}

/** Defines a command. Flags and arguments are typed by the function that `load` brings. */
export function verb<
  const FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>> = NonNullable<unknown>,
  const ARGS extends BaseArgs = [],
>(definition: VerbDefinition<FLAGS, ARGS>): Verb {
  const { brief, description, examples, formats = ["text", "json"], load } = definition;
  const parameters = { ...definition.parameters, flags: bare(definition.parameters.flags ?? {}) };
  const command = buildCommand<FLAGS, ARGS, Choosing>({
    docs: { brief },
    parameters: parameters as TypedCommandParameters<FLAGS, ARGS, Choosing>,
    func(this: Choosing, flags: FLAGS, ...args: ARGS) {
      this.choose(async (context) => (await load()).default(context, flags, ...args));
    },
  });
  return Object.assign(command, { examples, formats, description });
}

/** A room of commands. */
export function room(brief: string, routes: Record<string, Verb | RouteMap<Choosing>>): RouteMap<Choosing> {
  return buildRouteMap<string, Choosing>({ routes: bare(routes), docs: { brief } });
}

/** A command or a room. */
export type Target = Verb | RouteMap<Choosing>;

/** True for a command, false for a room. */
export function isVerb(target: Target): target is Verb {
  return !("getAllEntries" in target);
}

/** What stands in a room, in defined order: only {@link verb} and {@link room} make what is in one. */
export function entriesOf(map: RouteMap<Choosing>): { word: string; target: Target }[] {
  return map
    .getAllEntries()
    .map(({ name, target }) => ({ word: name["convert-camel-to-kebab"], target: target as Target }));
}
