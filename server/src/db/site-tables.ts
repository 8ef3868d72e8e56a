import type { ScopeLayer } from '@netdelta/core/scope/scope.ts';
import type { ImageType } from '@netdelta/core/site/image-type.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import type { ColumnType, Generated } from 'kysely';
import type { Json, Time } from './columns.ts';

export interface ScopeEntriesTable {
  site_id: string;
  id: Generated<string>;
  laid_by: ScopeLayer;
  targets_text: string;
  targets: Json<Target[]>;
  address_count: string;
  name_count: number;
  authorised_by: string;
  /** A date; select it as text. */
  valid_until: ColumnType<Date | null, string | null, string | null>;
  note: Generated<string>;
  created_at: Time;
  updated_at: Time;
}

export interface SiteLogosTable {
  site_id: string;
  type: ImageType;
  image: Buffer;
  digest: string;
}
