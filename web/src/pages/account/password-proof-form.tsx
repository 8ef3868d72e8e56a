import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';

interface PasswordProofFormProps {
  readonly label: string;
  readonly action: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly mutateAsync: (password: string) => Promise<unknown>;
  };
  /** What else it asks. */
  readonly children?: ReactNode;
}

/** Asks the password again before something that opens the account is changed. */
export function PasswordProofForm({ label, action, children }: PasswordProofFormProps) {
  const form = useForm({ initialValues: { password: '' } });
  const submit = form.onSubmit(async ({ password }) => {
    await action
      .mutateAsync(password)
      .then(form.reset, (error: unknown) => form.setErrors(fieldErrors(error)));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Group align="flex-end" gap="xs">
          {children}
          <PasswordInput
            label="Your password, once more"
            autoComplete="current-password"
            flex="1 1 220px"
            maw={360}
            {...form.getInputProps('password')}
          />
          <Button type="submit" variant="default" loading={action.isPending}>
            {label}
          </Button>
        </Group>
        <ErrorPanel error={action.error} />
      </Stack>
    </form>
  );
}
