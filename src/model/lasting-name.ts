/** The lasting part of a name that schedulers make anew for each run. Pure. */

/**
 * The lasting name of a submitted run, whose job id is new each time: schedulers put ids and times into it
 * (`ADF_factory_pipeline_<guid>`), which are replaced by a star.
 */
export function lastingName(name: string): string {
  const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
  return name.replace(guid, "*").replace(/\d{4}-\d{2}-\d{2}[T_ ]?[\d:.+Z-]*|\d{8,}/g, "*");
}
