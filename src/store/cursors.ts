/**
 * Door of cursors (how far one of our own sources or sinks has read) and of the lease that makes one server the leader.
 *
 * @example
 * const lease = await store.cursors.acquireLease("leader", holder, 30_000)
 * if (lease) await store.cursors.move("lineage/redshift", mark, lease)
 */

/** A cursor as it stands. */
export interface Cursor {
  name: string;
  /** Opaque to the store: what the reader needs to go on. */
  value: string;
  /** UTC text. */
  movedAt: string;
}

/** A lease that was given. */
export interface Lease {
  name: string;
  holder: string;
  /** Grows by one with every new holder: who writes with an old number has lost the lease without knowing it. */
  fence: number;
  /** UTC text. */
  expiresAt: string;
}

/** Cursors and leases. The cursor moves after the store accepted the batch; repeating a batch must be harmless. */
export interface CursorStore {
  find(name: string): Promise<Cursor | undefined>;
  list(prefix?: string): Promise<Cursor[]>;
  /**
   * Moves a cursor. With a lease, only while that lease is the newest of its name.
   * @throws HeadgateError `lock_lost` where somebody else has taken the lease since
   */
  move(name: string, value: string, lease?: Pick<Lease, "name" | "fence">): Promise<void>;
  /** Forgets a cursor, so that its reader starts anew. */
  remove(name: string): Promise<void>;

  /** Takes a free or expired lease; undefined while somebody else holds it. The holder itself gets its own back, renewed. */
  acquireLease(name: string, holder: string, milliseconds: number): Promise<Lease | undefined>;
  /** Prolongs a lease; undefined when it was lost. */
  renewLease(lease: Lease, milliseconds: number): Promise<Lease | undefined>;
  /** Gives a lease back; no effect when it was lost. */
  releaseLease(lease: Lease): Promise<void>;
  /** Who holds a lease now, expired or not. */
  findLease(name: string): Promise<Lease | undefined>;
}
