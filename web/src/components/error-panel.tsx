import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiFailure } from '../api/client.ts';
import classes from './error-panel.module.css';

interface ErrorPanelProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** Tells what failed, with every single problem and where it was. Shows nothing without an error. */
export function ErrorPanel({ error, title = 'That did not work', onRetry }: ErrorPanelProps) {
  if (!error) return null;
  const problems = error instanceof ApiFailure ? error.problems : [];
  return (
    <Alert color="red" variant="light" role="alert" title={title} icon={<IconAlertTriangle />}>
      <p className={classes.message}>{messageOf(error)}</p>
      {problems.length > 0 && (
        <ul className={classes.problems}>
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.line} ${problem.text} ${problem.message}`}>
              <Place problem={problem} /> {problem.message}
            </li>
          ))}
        </ul>
      )}
      {onRetry && (
        <Button size="xs" variant="default" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

function Place({ problem }: { problem: ApiFailure['problems'][number] }) {
  const place = [problem.path, problem.line !== undefined && `line ${problem.line}`];
  return (
    <>
      <strong>{place.filter(Boolean).join(', ')}</strong>
      {problem.text && <code className="mono"> {problem.text}</code>}
    </>
  );
}

function messageOf(error: unknown): string {
  if (error instanceof ApiFailure) return error.message;
  if (error instanceof Error && error.name === 'ZodError')
    return 'The server answered in a form that this page does not know. Reload the page: it may be older than the server.';
  return error instanceof Error ? error.message : String(error);
}
