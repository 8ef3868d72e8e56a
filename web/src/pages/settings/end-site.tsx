import { Button, Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useEndSite } from '../../api/site.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { May } from '../../components/may.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';

/** The end of the site, for its owners: deactivated, or deleted for ever. */
export function EndSite() {
  const [opened, { open, close }] = useDisclosure(false);
  const { site } = useSession();
  return (
    <May do="own">
      <Panel title="The end of this site">
        {opened ? (
          <EndForm name={site.name} onKeep={close} />
        ) : (
          <Group justify="space-between">
            <span>
              Deactivated, nobody enters it and nothing scans, until the platform restores it.
              Deleted, it is gone.
            </span>
            <Button variant="default" onClick={open}>
              Deactivate or delete…
            </Button>
          </Group>
        )}
      </Panel>
    </May>
  );
}

function EndForm({ name, onKeep }: { name: string; onKeep: () => void }) {
  const end = useEndSite();
  const [how, setHow] = useState<'keep' | 'delete'>('keep');
  const [typed, setTyped] = useState('');
  const [cancelsScans, setCancelsScans] = useState(false);
  const [withoutExport, setWithoutExport] = useState(false);
  const keepsData = how === 'keep';
  const run = () =>
    end.mutate(
      { name: typed, keepsData, cancelsScans, withoutExport: !keepsData && withoutExport },
      { onSuccess: () => window.location.assign(new URL('../', document.baseURI)) },
    );
  return (
    <Stack gap="sm" maw={640}>
      <Radio.Group label="How" value={how} onChange={(value) => setHow(value as 'keep' | 'delete')}>
        <Stack gap="xs">
          <Radio
            value="keep"
            label="Deactivate it and keep its data"
            description="An administrator of the platform can restore it, as it was."
          />
          <Radio
            value="delete"
            label="Delete it with all of its data"
            description="For ever: groups, hosts, scans, deltas, people's roles and keys. Of its audit log the platform keeps what it holds."
          />
        </Stack>
      </Radio.Group>
      {!keepsData && <Take withoutExport={withoutExport} onWithoutExport={setWithoutExport} />}
      <Checkbox
        label="Cancel the scans that run or wait"
        checked={cancelsScans}
        onChange={(event) => setCancelsScans(event.currentTarget.checked)}
      />
      <TextInput
        label="Type the name of the site"
        placeholder={name}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ErrorPanel error={end.error} title="The site was left as it is" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onKeep}>
          Leave it as it is
        </Button>
        <Button
          color="red.9"
          disabled={typed.trim() !== name.trim()}
          loading={end.isPending}
          onClick={run}
        >
          {keepsData ? 'Deactivate the site' : 'Delete the site'}
        </Button>
      </Group>
    </Stack>
  );
}

interface TakeProps {
  readonly withoutExport: boolean;
  readonly onWithoutExport: (without: boolean) => void;
}

/** What goes along before it is deleted. */
function Take({ withoutExport, onWithoutExport }: TakeProps) {
  return (
    <Stack gap="xs">
      <span>Take along what is to be kept; it is asked for, within a day of the deletion:</span>
      <Group gap="xs">
        <Button
          component="a"
          href={addressOf('export?format=ndjson&details=true&gzip=true')}
          download
          variant="default"
          size="xs"
        >
          Everything (NDJSON)
        </Button>
        <Button component="a" href={addressOf('audit/export')} download variant="default" size="xs">
          The audit log
        </Button>
      </Group>
      <Checkbox
        label="Delete it without an export"
        checked={withoutExport}
        onChange={(event) => onWithoutExport(event.currentTarget.checked)}
      />
    </Stack>
  );
}

function addressOf(path: string): string {
  return new URL(`api/v1/${path}`, document.baseURI).href;
}
