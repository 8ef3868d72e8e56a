import { Button, CloseButton, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { ROLE_TABLE, ROLES, type Role } from '@netdelta/core/access/roles.ts';
import { IconPlus } from '@tabler/icons-react';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import type { SignOnFormApi } from './sign-on-form-api.ts';

/** Which role each group gives; of several the one that may most. */
export function RoleFields({ form }: { form: SignOnFormApi }) {
  const { role: own } = useSession();
  const rows = form.values.roles;
  const add = () =>
    form.insertListItem('roles', { key: crypto.randomUUID(), group: '', role: 'viewer' });
  return (
    <Panel title="Roles" note="looked at again with every login">
      <Stack gap="sm" maw={640}>
        {rows.length === 0 && (
          <p className="quiet">
            No group has a role yet. Enter the names (or ids) under which the provider tells them.
          </p>
        )}
        {rows.map(({ key }, place) => (
          <Group key={key} gap="xs" align="flex-end" wrap="nowrap">
            <TextInput
              flex="1 1 auto"
              label={place === 0 ? 'Group' : undefined}
              aria-label={`Group ${place + 1}`}
              classNames={{ input: 'mono' }}
              {...form.getInputProps(`roles.${place}.group`)}
            />
            <NativeSelect
              label={place === 0 ? 'Role' : undefined}
              aria-label={`Role of group ${place + 1}`}
              data={choicesFor(own, rows[place]?.role)}
              {...form.getInputProps(`roles.${place}.role`)}
            />
            <CloseButton
              mb={4}
              aria-label={`Take group ${place + 1} out`}
              onClick={() => form.removeListItem('roles', place)}
            />
          </Group>
        ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={add}
            disabled={rows.length >= 200}
          >
            Add a group
          </Button>
        </Group>
        {form.errors.roles && (
          <Text role="alert" size="sm" c="var(--mantine-color-error)">
            {form.errors.roles}
          </Text>
        )}
        <NativeSelect
          label="Everybody else"
          description="Those in none of these groups"
          data={[
            { value: '', label: 'do not come in' },
            ...ROLES.filter((role) => role !== 'owner').map((role) => ({
              value: role,
              label: `${role}: ${ROLE_TABLE[role].meaning}`,
            })),
          ]}
          {...form.getInputProps('otherwise')}
        />
      </Stack>
    </Panel>
  );
}

/** Only owners decide who is an owner. */
function choicesFor(own: Role, chosen: Role | undefined): Role[] {
  return ROLES.filter((role) => role !== 'owner' || own === 'owner' || chosen === 'owner');
}
