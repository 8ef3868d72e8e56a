import { Button } from '@mantine/core';
import type { NotificationView } from '@netdelta/core/api/notifications.ts';
import { Link } from '@tanstack/react-router';
import { useRetryNotification } from '../../api/notifications.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Facts } from '../../components/facts.tsx';
import { May } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { showDone } from '../../components/toast.ts';
import { formatCount } from '../../format/count.ts';
import classes from './notifications-page.module.css';

/** One message: its text, how often it was tried, and why it did not go out. */
export function NotificationDetail({ notification }: { notification: NotificationView }) {
  const { scanId, attempts, lastError, nextAttemptAt, sentAt, createdAt, text } = notification;
  return (
    <>
      <Facts
        facts={[
          { label: 'Written', value: <Moment at={createdAt} absolute /> },
          { label: 'Sent', value: <Moment at={sentAt} absolute never="not sent" /> },
          { label: 'Tried', value: formatCount(attempts, 'time') },
          { label: 'Last error', value: lastError },
          { label: 'Tried again', value: nextAttemptAt && <Moment at={nextAttemptAt} /> },
          {
            label: 'Scan',
            value: scanId && (
              <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
                Delta Analysis
              </Link>
            ),
          },
        ]}
      />
      {notification.status === 'failed' && <Retry id={notification.id} />}
      {/* What scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className={`${classes.text} mono`} tabIndex={0} aria-label="Text of the mail">
        {text}
      </section>
    </>
  );
}

function Retry({ id }: { id: string }) {
  const retry = useRetryNotification(id);
  const run = () => retry.mutate(undefined, { onSuccess: () => showDone('It is sent again.') });
  return (
    <May do="configure">
      <Button size="xs" variant="default" my="xs" loading={retry.isPending} onClick={run}>
        Send again
      </Button>
      <ErrorPanel error={retry.error} />
    </May>
  );
}
