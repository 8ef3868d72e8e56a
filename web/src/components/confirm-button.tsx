import { Button, type ButtonProps, Group, Modal, Space, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';

interface ConfirmButtonProps {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly look?: Pick<ButtonProps, 'size' | 'variant' | 'color' | 'disabled'>;
  readonly question: string;
  /** What will happen, in a sentence or two. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly keep?: string;
  /** Does it; the question closes when it is done and shows why when it fails. */
  readonly action: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly run: () => Promise<unknown>;
  };
}

/** A button that asks first. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const { action } = props;
  const confirm = () => void action.run().then(close, () => undefined);
  return (
    <>
      <Button variant="default" {...props.look} leftSection={props.icon} onClick={open}>
        {props.label}
      </Button>
      <Modal opened={opened} onClose={close} title={props.question} centered>
        <Text component="div">{props.children}</Text>
        <Space h="sm" />
        <ErrorPanel error={action.error} />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close} data-autofocus>
            {props.keep ?? 'Keep it'}
          </Button>
          <Button color="red.9" loading={action.isPending} onClick={confirm}>
            {props.confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
