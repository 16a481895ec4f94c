/** Telling network file systems from local ones. */
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import {
  isRemoteType,
  mountOf,
  networkFileSystemOf,
  networkTypeOf,
  parseLinuxMounts,
  parseMacMounts,
} from "./file-system.ts";

describe("statfs types of Linux", () => {
  it.each([
    [0x6969, "nfs"],
    [0xff534d42, "cifs"],
    // statfs gives the same number with its sign, depending on the machine.
    [BigInt.asIntN(32, 0xff534d42n), "cifs"],
    [0xfe534d42, "smb2"],
    [0x517b, "smb"],
    [0x65735546, "fuse"],
    [0xef53, undefined],
    [0x58465342, undefined],
    [0x01021994, undefined],
    [0x794c7630, undefined],
    [0x9123683e, undefined],
  ])("%d is %s", (type, name) => expect(networkTypeOf(type)).toBe(name));
});

describe("types of mounts", () => {
  it.each([
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afpfs",
    "webdav",
    "fuse.sshfs",
    "fuse.s3fs",
    "fuse.blobfuse2",
    "9p",
  ])("%s is remote", (type) => expect(isRemoteType(type)).toBe(true));
  it.each([
    "ext4",
    "xfs",
    "apfs",
    "hfs",
    "overlay",
    "tmpfs",
    "btrfs",
    "zfs",
    "fuseblk",
    "fuse.lxcfs",
    "fuse.gvfsd-fuse",
  ])("%s is local", (type) => expect(isRemoteType(type)).toBe(false));
});

describe("mount tables", () => {
  it("finds the deepest mount of a path on Linux, blanks in names included", () => {
    const mounts = parseLinuxMounts(
      [
        "/dev/sda1 / ext4 rw,relatime 0 0",
        "server:/home /home nfs4 rw,vers=4.2 0 0",
        "anna@box:/data /mnt/my\\040data fuse.sshfs rw 0 0",
        "/dev/sdb1 /home/local xfs rw 0 0",
        "",
      ].join("\n"),
    );
    expect(mountOf("/var/lib", mounts)?.type).toBe("ext4");
    expect(mountOf("/home/anna/.headgate", mounts)?.type).toBe("nfs4");
    expect(mountOf("/homework", mounts)?.type).toBe("ext4");
    expect(mountOf("/home/local/x", mounts)?.type).toBe("xfs");
    expect(mountOf("/mnt/my data/x", mounts)?.type).toBe("fuse.sshfs");
  });

  it("reads the mounts of macOS", () => {
    const mounts = parseMacMounts(
      [
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
        "//anna@nas._smb._tcp.local/Team (EU) on /Volumes/Team (EU) (smbfs, nodev, nosuid, mounted by anna)",
        "nas:/export on /Volumes/export (nfs, nodev, nosuid)",
      ].join("\n"),
    );
    expect(mountOf("/Users/anna", mounts)?.type).toBe("apfs");
    expect(mountOf("/Volumes/Team (EU)/p", mounts)?.type).toBe("smbfs");
    expect(mountOf("/Volumes/export", mounts)?.type).toBe("nfs");
  });
});

it("looks at a real folder", async () => {
  expect(await networkFileSystemOf(tmpdir())).toBeUndefined();
});
