/** Time zones as Java names them (what Databricks schedules use), on top of Intl. */

/** Java's three-letter ids that Intl does not know or knows otherwise (`java.time.ZoneId.SHORT_IDS`). */
const SHORT_IDS: Record<string, string> = {
  ACT: "Australia/Darwin",
  AET: "Australia/Sydney",
  AGT: "America/Argentina/Buenos_Aires",
  ART: "Africa/Cairo",
  AST: "America/Anchorage",
  BET: "America/Sao_Paulo",
  BST: "Asia/Dhaka",
  CAT: "Africa/Harare",
  CNT: "America/St_Johns",
  CST: "America/Chicago",
  CTT: "Asia/Shanghai",
  EAT: "Africa/Addis_Ababa",
  ECT: "Europe/Paris",
  IET: "America/Indiana/Indianapolis",
  IST: "Asia/Kolkata",
  JST: "Asia/Tokyo",
  MIT: "Pacific/Apia",
  NET: "Asia/Yerevan",
  NST: "Pacific/Auckland",
  PLT: "Asia/Karachi",
  PNT: "America/Phoenix",
  PRT: "America/Puerto_Rico",
  PST: "America/Los_Angeles",
  SST: "Pacific/Guadalcanal",
  VST: "Asia/Ho_Chi_Minh",
  Z: "UTC",
};

const FIXED = /^(?:GMT|UTC|UT)?([+-])(\d{1,2})(?::?([0-5]\d))?$/;

/** A zone: its offset from UTC at an instant, both in milliseconds. */
export interface Zone {
  id: string;
  offsetAt(instant: number): number;
}

const zones = new Map<string, Zone | undefined>();

function fixedZone(id: string): Zone | undefined {
  const match = FIXED.exec(id);
  if (!match) return undefined;
  const hours = Number(match[2]);
  const offset = (hours * 60 + Number(match[3] ?? "0")) * 60_000 * (match[1] === "-" ? -1 : 1);
  return hours > 18 ? undefined : { id, offsetAt: () => offset };
}

function namedZone(id: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: SHORT_IDS[id] ?? id,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the documented answer to an unknown zone
    throw error;
  }
  if (format.resolvedOptions().timeZone === "UTC") return { id, offsetAt: () => 0 };
  // Offsets change on quarter hours only (tz database since 1972), and asking Intl is slow.
  const offsets = new Map<number, number>();
  return {
    id,
    offsetAt(instant) {
      const quarter = Math.floor(instant / 900_000);
      let offset = offsets.get(quarter);
      if (offset === undefined) {
        const [month, day, year, hour, minute, second] = format
          .format(quarter * 900_000)
          .split(/\D+/)
          .map(Number) as [number, number, number, number, number, number];
        offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * 900_000;
        if (offsets.size > 5_000) offsets.clear();
        offsets.set(quarter, offset);
      }
      return offset;
    },
  };
}

/**
 * The zone of an id as Java reads it: IANA names, `UTC`, `GMT+2`, `+05:30`, Java's three-letter ids.
 * Undefined when there is no such zone.
 */
export function zoneOf(id: string): Zone | undefined {
  if (!zones.has(id)) zones.set(id, fixedZone(id) ?? namedZone(id));
  return zones.get(id);
}

/** Names of all zones that Intl lists, for "did you mean". */
export function knownZones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")];
}

/** Wall-clock time of an instant in a zone, as the milliseconds that `Date.UTC` would give for it. */
export function wallTime(zone: Zone, instant: number): number {
  return instant + zone.offsetAt(instant);
}

/**
 * The instant of a wall-clock time. In an overlap (clocks set back) the later one; undefined in a gap (set forward).
 */
export function instantOf(zone: Zone, wall: number): number | undefined {
  let latest: number | undefined;
  for (const probe of [wall - 86_400_000, wall + 86_400_000]) {
    const instant = wall - zone.offsetAt(probe);
    if (zone.offsetAt(instant) === wall - instant && (latest === undefined || instant > latest)) latest = instant;
  }
  return latest;
}
