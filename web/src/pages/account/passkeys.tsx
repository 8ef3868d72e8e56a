import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { describeDevice } from '@netdelta/core/access/describe-device.ts';
import type { PasskeyView } from '@netdelta/core/api/passkeys.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  passkeysQuery,
  useAddPasskey,
  usePasskeyLogin,
  useRemovePasskey,
} from '../../api/passkeys.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { showDone } from '../../components/toast.ts';
import { PasswordProofForm } from './password-proof-form.tsx';

/** What logs in without a password: added, listed, removed. */
export function Passkeys() {
  const query = useQuery(passkeysQuery);
  const { lacksSecondFactor } = useSession();
  const [removed, setRemoved] = useState<string>();
  const close = () => setRemoved(undefined);
  return (
    <Panel title="Passkeys">
      <Loaded query={query}>
        {({ items, place, obstacle }) => (
          <Stack gap="sm">
            <p>
              A passkey logs you in by finger, face or PIN, without a password. It counts as a
              second factor, and works at this server alone: no other page can ask for it.
            </p>
            {items.length > 0 && (
              <DataTable
                label="Passkeys"
                columns={columnsAt(place?.hostName, setRemoved)}
                rows={items}
                rowKey={({ id }) => id}
              />
            )}
            {items.length > 0 && lacksSecondFactor && <UsePasskey />}
            {items
              .filter(({ id }) => id === removed)
              .map((passkey) => (
                <RemovePasskey key={passkey.id} passkey={passkey} onClose={close} />
              ))}
            {place ? <PlaceFor place={place} /> : <Obstacle words={obstacle} />}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

/** Logs in once more: the password alone has not opened what the site shows. */
function UsePasskey() {
  const login = usePasskeyLogin();
  return (
    <>
      <Group>
        <Button loading={login.isPending} onClick={() => login.mutate()}>
          Log in by passkey now
        </Button>
      </Group>
      <ErrorPanel error={login.error} title="You are not logged in by it" />
    </>
  );
}

/** Adds one where passkeys work; elsewhere it says where that is. */
function PlaceFor({ place: { origin } }: { place: { origin: string } }) {
  if (window.location.origin === origin) return <AddPasskey />;
  return (
    <Obstacle
      words={`Passkeys of this server work at ${origin}, and this page was opened at ${window.location.origin}. Open it there.`}
    />
  );
}

function Obstacle({ words }: { words: string | null }) {
  return (
    <Alert color="yellow" title="No passkeys at this address">
      {words}
    </Alert>
  );
}

function AddPasskey() {
  const add = useAddPasskey();
  const [name, setName] = useState(() => describeDevice(navigator.userAgent));
  const action = {
    ...{ isPending: add.isPending, error: add.error },
    mutateAsync: (password: string) =>
      add.mutateAsync({ name, password }).then(() => showDone(`The passkey "${name}" is added.`)),
  };
  return (
    <PasswordProofForm label="Add a passkey" action={action}>
      <TextInput
        label="Name of the passkey"
        maxLength={100}
        flex="1 1 180px"
        maw={280}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </PasswordProofForm>
  );
}

interface RemovePasskeyProps {
  readonly passkey: PasskeyView;
  readonly onClose: () => void;
}

/** Asks first. */
function RemovePasskey({ passkey: { id, name }, onClose }: RemovePasskeyProps) {
  const remove = useRemovePasskey(id);
  const action = {
    ...{ isPending: remove.isPending, error: remove.error },
    mutateAsync: (password: string) =>
      remove.mutateAsync(password).then(() => {
        onClose();
        showDone(`The passkey "${name}" is removed; all other sessions have ended.`);
      }),
  };
  return (
    <Alert
      color="yellow"
      role="group"
      title={`Remove the passkey "${name}"?`}
      withCloseButton
      closeButtonLabel="Keep it"
      onClose={onClose}
    >
      <Stack gap="sm">
        <p>
          It logs you in no more, and all your other sessions end. Delete it on the device, too:
          there it would still be offered.
        </p>
        <PasswordProofForm label="Remove it" action={action} />
      </Stack>
    </Alert>
  );
}

function columnsAt(
  hostName: string | undefined,
  onRemove: (id: string) => void,
): readonly Column<PasskeyView>[] {
  return [
    {
      title: 'Name',
      long: true,
      render: (passkey) => (
        <>
          {passkey.name}{' '}
          {hostName !== undefined && passkey.hostName !== hostName && (
            <span className="quiet">(works at {passkey.hostName})</span>
          )}
        </>
      ),
    },
    {
      title: 'Kept',
      render: ({ backedUp }) => (backedUp ? 'with copies, by its maker' : 'on one device'),
    },
    { title: 'Added', tight: true, render: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      title: 'Last used',
      tight: true,
      render: ({ lastUsedAt }) =>
        lastUsedAt ? <Moment at={lastUsedAt} /> : <span className="quiet">never</span>,
    },
    {
      title: 'Remove',
      tight: true,
      render: ({ id, name }) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Remove ${name}`}
          onClick={() => onRemove(id)}
        >
          Remove
        </Button>
      ),
    },
  ];
}
