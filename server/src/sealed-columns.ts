import { SEALED_SECOND_FACTORS } from './accounts/second-factor/sealed.ts';
import type { SealedColumn } from './secrets/sealed-column.ts';

/** All that is stored sealed, of every feature. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [...SEALED_SECOND_FACTORS];
