import { notifications } from '@mantine/notifications';
import { ApiFailure } from '../api/client.ts';

/** The cross has no words of its own. */
const CLOSABLE = { closeButtonProps: { 'aria-label': 'Close' } };

/** Says in a corner of the page that something worked. */
export function showDone(message: string): void {
  notifications.show({ message, color: 'teal', ...CLOSABLE });
}

/** Says that something failed, with every problem that the server told. */
export function showFailure(title: string, error: unknown): void {
  const problems = error instanceof ApiFailure ? error.problems : [];
  const message = [
    error instanceof Error ? error.message : String(error),
    ...problems.map((problem) => problem.message),
  ].join(' ');
  notifications.show({ title, message, color: 'red', autoClose: 10_000, ...CLOSABLE });
}
