import { Button, PasswordInput, Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { resetPassword } from '@netdelta/core/api/people.ts';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useResetPassword } from '../../api/own-account.ts';
import { DoorFrame } from '../../components/door-frame.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { showDone } from '../../components/toast.ts';

const route = getRouteApi('/new-password');

/** `/new-password?token=…`: replaces a forgotten password. */
export function NewPasswordPage() {
  const { token = '' } = route.useSearch();
  const router = useRouter();
  const reset = useResetPassword();
  const form = useForm({
    initialValues: { token, password: '' },
    validate: schemaResolver(resetPassword, { sync: true }),
  });
  const submit = form.onSubmit((values) =>
    reset.mutate(values, {
      onSuccess: () => {
        showDone('Your password has been changed. Log in with it.');
        void router.navigate({ to: '/login', replace: true });
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <DoorFrame title="Choose a new password" lead="All your sessions end, wherever they are.">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <PasswordInput
            label="New password"
            description="At least 12 characters; four unrelated words are good"
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps('password')}
          />
          <ErrorPanel error={reset.error} title="Your password was not changed" />
          <Button type="submit" loading={reset.isPending} mt="xs">
            Set the new password
          </Button>
          <Link to="/forgotten-password" className="plain-link">
            Ask for another link
          </Link>
        </Stack>
      </form>
    </DoorFrame>
  );
}
