import { Button, FileButton } from '@mantine/core';
import type { ImportView } from '@netdelta/core/api/imports.ts';
import { IconFileImport } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type ImportedFile, useImportFiles } from '../../api/imports.ts';
import { Empty } from '../../components/empty.tsx';
import { May } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import classes from './import-scans.module.css';
import { orderByTime } from './order-by-time.ts';

/** Makes past scans, from files, the history of a group. */
export function ImportScans({ groupId }: { groupId: string }) {
  return (
    <May do="scan">
      <ImportPanel groupId={groupId} />
    </May>
  );
}

function ImportPanel({ groupId }: { groupId: string }) {
  const [done, setDone] = useState<readonly ImportedFile[]>([]);
  const [current, setCurrent] = useState<{ name: string; number: number; of: number } | null>(null);
  const files = useImportFiles(groupId, {
    onBegin: (name) => setCurrent((at) => at && { ...at, name, number: at.number + 1 }),
    onDone: (file) => setDone((all) => [...all, file]),
  });
  const choose = async (chosen: File[]) => {
    if (chosen.length === 0) return;
    setDone([]);
    setCurrent({ name: '', number: 0, of: chosen.length });
    files.mutate(await orderByTime(chosen), { onSettled: () => setCurrent(null) });
  };
  const button = (
    <FileButton onChange={(chosen) => void choose(chosen)} multiple>
      {(props) => (
        <Button
          {...props}
          size="compact-sm"
          variant="subtle"
          leftSection={<IconFileImport size={16} />}
          loading={current !== null}
        >
          Choose files
        </Button>
      )}
    </FileButton>
  );
  return (
    <Panel title="Import scans" actions={button} flush={done.length > 0}>
      {current && (
        <p className={classes.progress} role="status">
          File {Math.max(1, current.number)} of {current.of}: {current.name}
        </p>
      )}
      {done.length > 0 && (
        <ul className={classes.list}>
          {done.map((file) => (
            <Outcome key={file.name} file={file} />
          ))}
        </ul>
      )}
      {!current && done.length === 0 && <Formats />}
    </Panel>
  );
}

function Formats() {
  return (
    <Empty title="Past scans become history">
      Choose files that nmap wrote (-oX, -oA), or masscan (-oX, -oJ, -oL); also packed as .gz or
      .zst, up to 512 MB each. They are taken in the order of their own times, and have to be newer
      than the last scan of this group. Nobody is told of what they changed.
    </Empty>
  );
}

function Outcome({ file: { name, view, failure } }: { file: ImportedFile }) {
  return (
    <li className={classes.item} data-failed={failure !== undefined}>
      <span className={classes.name}>{name}</span>
      {failure !== undefined && <span className="wrap">{failure}</span>}
      {view?.message && <span className="quiet wrap">{view.message}</span>}
      {view?.scan && <Imported scan={view.scan} />}
    </li>
  );
}

function Imported({ scan }: { scan: NonNullable<ImportView['scan']> }) {
  const told = scan.first ? 'the first scan, which only learns' : countOf(scan.deltas, 'delta');
  return (
    <span className="wrap">
      <Link to="/scans/$scanId" params={{ scanId: scan.scanId }} className="plain-link">
        <Moment at={scan.at} absolute />
      </Link>
      : {countOf(scan.hostsUp, 'host')} up, {countOf(scan.servicesOpen, 'service')}; {told}
      {scan.problems.map((problem) => (
        <span key={problem} className="quiet">
          {' '}
          {problem}
        </span>
      ))}
    </span>
  );
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
