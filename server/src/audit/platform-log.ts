/**
 * The chain of what was done to the installation as a whole: who deleted which site, for instance. It
 * has the number of no site, so that no site's people see it; written and read by `database.system`.
 */
export const PLATFORM_LOG = '00000000-0000-0000-0000-000000000000';
