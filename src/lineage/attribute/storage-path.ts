/** A place in Azure storage, however it is written: one key for URIs of log lines and for locations of tables. */

/** Account, container and path; the empty path is the container. */
export interface StoragePath {
  /** Lower case, without `-secondary`; outside the public cloud with its domain: `acct@chinacloudapi.cn`. */
  account: string;
  /** Lower case. */
  container: string;
  /** Decoded, case kept, without empty segments. */
  segments: readonly string[];
  /** The folder of a listing, whatever it is called. */
  listed?: true;
}

/** Decodes one segment; what is no valid encoding stays as it is. A plus is a plus: paths are not form fields. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

/** The same place, should its segments be percent-encoded; undefined where they are not. */
export function decoded(path: StoragePath): StoragePath | undefined {
  const segments = path.segments.map(decode);
  return segments.some((segment, i) => segment !== path.segments[i]) ? { ...path, segments } : undefined;
}

const splitPath = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

/**
 * The account of a host: `acct.dfs.core.windows.net`, `acct-secondary.blob…`, `acct.z07.dfs.storage.azure.net`,
 * `acct.privatelink.dfs…`, with or without a port (Azure Storage documentation: endpoints).
 */
function accountOf(host: string): string {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  const account = (name.split(".", 1)[0] ?? "").replace(/-secondary$/, "");
  const cloud = /\.core\.(?!windows\.net$)([a-z0-9.-]+)$/.exec(name)?.[1];
  return cloud === undefined ? account : `${account}@${cloud}`;
}

/**
 * The place a logged URI is about: of a listing the folder that is listed, else the path. Undefined where it names no
 * container (a request to the account itself) or is no URI.
 */
export function parseUri(uri: string): StoragePath | undefined {
  const parts = /^https?:\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?/i.exec(uri);
  if (parts === null) return undefined;
  const [, host = "", path = "", query = ""] = parts;
  const [container, ...rest] = splitPath(path);
  if (container === undefined) return undefined;
  const listed = query.split("&").find((field) => /^(directory|prefix)=/.test(field));
  // a slash may be encoded or not in the query, so it is decoded before it is cut
  const inQuery = listed === undefined ? [] : splitPath(decode(listed.slice(listed.indexOf("=") + 1)));
  return {
    account: accountOf(host),
    container: decode(container).toLowerCase(),
    segments: [...rest.map(decode), ...inQuery],
    ...(listed === undefined ? {} : { listed: true }),
  };
}

/** The place a location names that is a URL of Azure storage itself; undefined for any other (`dbfs:`, `s3:`, …). */
export function parseLocation(location: string): StoragePath | undefined {
  const text = location.trim();
  const hadoop = /^(?:abfss?|wasbs?):\/\/([^@/]+)@([^/]+)(.*)$/i.exec(text);
  if (hadoop !== null) {
    const [, container = "", host = "", path = ""] = hadoop;
    // Hadoop paths are not percent-encoded: a folder named t_%3D_x is named so
    return { account: accountOf(host), container: container.toLowerCase(), segments: splitPath(path) };
  }
  return /^https?:\/\//i.test(text) ? parseUri(text) : undefined;
}

/** Name of the dataset as OpenLineage writes it: `abfss://container@account.dfs.core.windows.net`, `folder/table`. */
export function datasetOf(path: StoragePath): { namespace: string; name: string } {
  const [account = "", cloud = "windows.net"] = path.account.split("@");
  return {
    namespace: `abfss://${path.container}@${account}.dfs.core.${cloud}`,
    name: path.segments.length === 0 ? "/" : path.segments.join("/"),
  };
}
