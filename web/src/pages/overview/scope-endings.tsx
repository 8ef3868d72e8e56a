import { Alert } from '@mantine/core';
import type { ScopeEnding } from '@netdelta/core/api/scope.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ButtonLink } from '../../components/button-link.tsx';
import { describeLeft } from '../scope/ending.tsx';
import classes from './overview-page.module.css';

/** Authorisations to scan that have expired or will soon: their scans are refused from then on. */
export function ScopeEndings({ endings }: { endings: readonly ScopeEnding[] }) {
  if (endings.length === 0) return null;
  const expired = endings.some(({ daysLeft }) => daysLeft < 0);
  return (
    <Alert
      color={expired ? 'red' : 'yellow'}
      icon={<IconAlertTriangle />}
      title={
        expired ? 'An authorisation to scan has expired' : 'An authorisation to scan ends soon'
      }
    >
      <ul className={classes.endings}>
        {endings.map(({ targets, authorisedBy, validUntil, daysLeft }) => (
          <li key={`${targets} ${authorisedBy} ${validUntil}`}>
            <code className="mono wrap">{shorten(targets)}</code>, authorised by {authorisedBy},{' '}
            {describeLeft(daysLeft)} ({validUntil}).
          </li>
        ))}
      </ul>
      <ButtonLink to="/scope" size="compact-sm" variant="default">
        Scope
      </ButtonLink>
    </Alert>
  );
}

function shorten(targets: string): string {
  const words = targets.trim().replaceAll(/\s+/g, ' ');
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}
