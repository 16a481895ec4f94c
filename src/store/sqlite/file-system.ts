/** Says whether a path lies on a network file system, where SQLite's write-ahead log does not work. */
import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** Linux: `f_type` of statfs(2), from the man page statfs(2) and linux/magic.h. */
const LINUX_NETWORK: Record<number, string> = {
  26985: "nfs",
  20859: "smb",
  4283649346: "cifs",
  4266872130: "smb2",
  22092: "ncp",
  1397113167: "afs",
  1799439955: "afs",
  1937076805: "coda",
  12805120: "ceph",
  16914839: "9p",
  198183888: "lustre",
  1196443219: "gpfs",
  18225520: "gfs2",
  1952539503: "ocfs2",
  428016422: "fhgfs",
};
/** FUSE tells nothing of what is behind it: the mount table does. */
const LINUX_FUSE = 0x65735546;

/** Types in mount tables (`/proc/self/mounts`, macOS `mount`) that are remote. */
const REMOTE_TYPES = [
  /^nfs\d?$/,
  /^(cifs|smb\w*)$/,
  /^(9p|afs|afpfs|ceph|coda|davfs|davfs2|glusterfs|lustre|webdav)$/,
  /^fuse\.(sshfs|s3fs|s3ql|gcsfuse|blobfuse\w*|goofys|rclone|glusterfs|ceph\w*|davfs\d?|mount-s3|mountpoint-s3|smbnetfs|curlftpfs|juicefs|cvmfs2|nfs\w*|adlfs|databricks\w*|wsfs|dbfs)$/,
];

/**
 * Name of the network file system behind a Linux `f_type`, `"fuse"` where only the mount table can tell,
 * undefined for a local one.
 */
export function networkTypeOf(fsType: number | bigint): string | undefined {
  const magic = Number(BigInt.asUintN(32, BigInt(fsType)));
  return magic === LINUX_FUSE ? "fuse" : LINUX_NETWORK[magic];
}

/** True for the type of a mount that lies on another machine. */
export function isRemoteType(type: string): boolean {
  return REMOTE_TYPES.some((pattern) => pattern.test(type.toLowerCase()));
}

/** One line of a mount table. */
export interface Mount {
  point: string;
  type: string;
}

/** Lines of `/proc/self/mounts` (`source point type options 0 0`, blanks as `\040`). */
export function parseLinuxMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, point, type] = line.split(" ");
    if (point === undefined || type === undefined) return [];
    const plain = point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    return [{ point: plain, type }];
  });
}

/** Lines of macOS `mount` (`source on point (type, options)`). */
export function parseMacMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const match = /^.+? on (.+) \(([^,)]+)/.exec(line);
    return match ? [{ point: match[1] as string, type: (match[2] as string).trim() }] : [];
  });
}

/** The mount a path lies on: the one with the longest matching point, the later one of equals. */
export function mountOf(file: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const within = mount.point === "/" || file === mount.point || file.startsWith(`${mount.point}/`);
    if (within && (best === undefined || mount.point.length >= best.point.length)) best = mount;
  }
  return best;
}

/**
 * Name of the network file system that holds a folder, or undefined for a local one.
 *
 * @throws the system's error where the folder cannot be looked at
 */
export async function networkFileSystemOf(folder: string): Promise<string | undefined> {
  const real = path.resolve(folder);
  if (process.platform === "linux") {
    const { readFile } = await import("node:fs/promises");
    const type = networkTypeOf((await statfs(real, { bigint: true })).type);
    if (type !== "fuse") return type;
    const mount = mountOf(real, parseLinuxMounts(await readFile("/proc/self/mounts", "utf8")));
    return mount && isRemoteType(mount.type) ? mount.type : undefined;
  }
  if (process.platform === "darwin") {
    const { stdout } = await promisify(execFile)("/sbin/mount");
    const mount = mountOf(real, parseMacMounts(stdout));
    return mount && isRemoteType(mount.type) ? mount.type : undefined;
  }
  return real.startsWith("\\\\") ? "smb" : undefined;
}
