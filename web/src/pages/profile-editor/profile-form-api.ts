import type { UseFormReturnType } from '@mantine/form';
import type { ProfileRequest } from '@netdelta/core/api/groups.ts';

/** The form that the groups of fields write into. */
export type ProfileFormApi = UseFormReturnType<ProfileRequest>;
