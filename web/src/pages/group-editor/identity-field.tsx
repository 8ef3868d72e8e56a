import { NativeSelect } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { GroupRequest } from '@netdelta/core/api/groups.ts';
import { explainIdentity, IDENTITY_CHOICES } from '../../format/identity.ts';

/** By what hosts are known again when they get other addresses. */
export function IdentityField({ form }: { form: UseFormReturnType<GroupRequest> }) {
  return (
    <NativeSelect
      label="Hosts are known"
      description={explainIdentity(form.values.identity)}
      data={IDENTITY_CHOICES}
      maw={460}
      {...form.getInputProps('identity')}
    />
  );
}
