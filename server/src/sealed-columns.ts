import { SEALED_SECOND_FACTORS } from './accounts/second-factor/sealed.ts';
import { SEALED_CLIENT_SECRETS } from './accounts/sign-on/sign-on-parts.ts';
import type { SealedColumn } from './secrets/sealed-column.ts';

/** All that is stored sealed, of every feature. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  ...SEALED_SECOND_FACTORS,
  SEALED_CLIENT_SECRETS,
];
