/** Control calls on saved queries: what a person does in the SQL editor. */
import { absent } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { World } from "../world.ts";

/** A saved query as the control calls show it. */
export interface ShownQuery {
  id: string;
  name: string;
  text: string;
  owner: string;
  trashed: boolean;
  fields: JsonObject;
}

export function queryControl(world: World) {
  return {
    /** All saved queries, those in the trash too. */
    queries(): ShownQuery[] {
      return [...world.queries.values()].map(({ id, owner, trashed, fields }) => ({
        id,
        name: String(fields.display_name),
        text: String(fields.query_text ?? ""),
        owner,
        trashed,
        fields,
      }));
    },
    /** Makes a saved query of somebody. @returns its id */
    addQuery(args: { name: string; text: string; owner: string; tags?: string[] }): { id: string } {
      const id = `query-${world.count()}`;
      const now = world.clock.now();
      const parent = `/Workspace/Users/${args.owner}`;
      const fields = { display_name: args.name, query_text: args.text, tags: args.tags ?? [], parent_path: parent };
      world.queries.set(id, { id, owner: args.owner, trashed: false, fields, createdAt: now, updatedAt: now });
      return { id };
    },
    /** Changes the text of a saved query, or moves it to the trash. */
    editQuery(args: { id: string; text?: string; trashed?: boolean }): object {
      const query = world.queries.get(args.id);
      if (query === undefined) throw absent(`Query ${args.id} does not exist.`);
      if (args.text !== undefined) query.fields = { ...query.fields, query_text: args.text };
      query.trashed = args.trashed ?? query.trashed;
      return {};
    },
  };
}
