import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type SignOnView, signOnRequest } from '@netdelta/core/api/sign-on.ts';
import { useSaveSignOn } from '../../api/sign-on.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { AdmissionFields } from './admission-fields.tsx';
import { ProviderFields } from './provider-fields.tsx';
import { RoleFields } from './role-fields.tsx';
import { draftOf, requestOf, type SignOnDraft } from './sign-on-draft.ts';

/** All of a site's single sign-on, in three parts: who vouches, in which roles, and who comes in. */
export function SignOnForm({ view: { provider, redirectUri } }: { view: SignOnView }) {
  const save = useSaveSignOn();
  const form = useForm<SignOnDraft>({
    initialValues: draftOf(provider),
    validate: (values) => schemaResolver(signOnRequest, { sync: true })(requestOf(values)),
  });
  const submit = form.onSubmit((values) =>
    save.mutate(requestOf(values), {
      onSuccess: (saved) => {
        form.setValues(draftOf(saved.provider));
        showDone('The single sign-on has been saved.');
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProviderFields form={form} redirectUri={redirectUri} hasSecret={provider?.hasSecret} />
        <RoleFields form={form} />
        <AdmissionFields form={form} />
        <Panel>
          <Stack gap="sm">
            <Checkbox
              label="People can come in this way"
              description="Switched off, all who came in so are logged out, and everything else stays as it is."
              {...form.getInputProps('enabled', { type: 'checkbox' })}
            />
            <ErrorPanel error={save.error} title="It was not saved" />
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending}>
                Save
              </Button>
            </Group>
          </Stack>
        </Panel>
      </Stack>
    </form>
  );
}
