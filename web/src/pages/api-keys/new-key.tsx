import { Button, Checkbox, Group, NativeSelect, Space, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { KEY_PERMISSIONS, type KeyPermission, PERMISSIONS } from '@netdelta/core/access/roles.ts';
import { useMakeKey } from '../../api/keys.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { expiryAfter } from './expiry.ts';

const LIFETIMES = [
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: '', label: 'never' },
];

/** Makes a key and shows it, once. */
export function NewKey() {
  const make = useMakeKey();
  const form = useForm({
    initialValues: { name: '', scopes: ['read'] as KeyPermission[], days: '90' },
  });
  const submit = form.onSubmit(({ name, scopes, days }) => {
    const expiresAt = expiryAfter(days, new Date());
    make.mutate(
      { name, scopes, expiresAt },
      {
        onSuccess: () => form.reset(),
        onError: (error) => form.setErrors(fieldErrors(error)),
      },
    );
  });
  return (
    <Panel title="New key">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Group align="flex-end" gap="xs">
            <TextInput
              label="Name"
              description="Which program uses it"
              flex="1 1 220px"
              maw={340}
              {...form.getInputProps('name')}
            />
            <NativeSelect label="Expires" data={LIFETIMES} {...form.getInputProps('days')} />
          </Group>
          <Checkbox.Group label="Scopes: it may" {...form.getInputProps('scopes')}>
            <Stack gap={6} mt={6}>
              {KEY_PERMISSIONS.map((scope) => (
                <Checkbox key={scope} value={scope} label={`${scope}: ${PERMISSIONS[scope]}`} />
              ))}
            </Stack>
          </Checkbox.Group>
          <ErrorPanel error={make.error} title="The key was not made" />
          <Group>
            <Button type="submit" loading={make.isPending}>
              Make the key
            </Button>
          </Group>
        </Stack>
      </form>
      {make.data && (
        <>
          <Space h="sm" />
          <SecretOnce
            title={`The key ${make.data.key.name}`}
            label="API key"
            secret={make.data.token}
          >
            It is shown this once: NetDelta keeps only its hash.
          </SecretOnce>
        </>
      )}
    </Panel>
  );
}
