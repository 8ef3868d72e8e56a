import { Alert, Button, CopyButton, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './secret-once.module.css';

interface SecretOnceProps {
  readonly title: string;
  /** What it is called, for those who do not see it. */
  readonly label: string;
  readonly secret: string;
  /** What to do with it. */
  readonly children: ReactNode;
}

/** A link or a key that is shown this once, to be copied. */
export function SecretOnce({ title, label, secret, children }: SecretOnceProps) {
  return (
    <Alert color="teal" title={title} role="status">
      <div className={classes.words}>{children}</div>
      <div className={classes.line}>
        <TextInput
          readOnly
          size="xs"
          aria-label={label}
          value={secret}
          className={classes.secret}
          classNames={{ input: 'mono' }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="default"
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
    </Alert>
  );
}
