import type { UseFormReturnType } from '@mantine/form';
import type { SignOnDraft } from './sign-on-draft.ts';

/** The form of the page, as its parts are given it. */
export type SignOnFormApi = UseFormReturnType<SignOnDraft>;
