import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { SecondFactorOffer } from '@netdelta/core/api/people.ts';
import { useConfirmSecondFactor } from '../../api/second-factor.ts';
import { CodeInput } from '../../components/code-input.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { showDone } from '../../components/toast.ts';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** The QR code, the recovery codes, and the first code that makes it hold. */
export function SecondFactorSetup({ offer }: { offer: SecondFactorOffer }) {
  const confirm = useConfirmSecondFactor();
  const form = useForm({ initialValues: { code: '' } });
  const submit = form.onSubmit(({ code }) =>
    confirm.mutate(code, {
      onSuccess: () => showDone('The login asks for a code from now on.'),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  const secret = new URL(offer.uri).searchParams.get('secret') ?? '';
  return (
    <Stack gap="md">
      <Group align="flex-start" gap="md">
        <QrCode text={offer.uri} label="QR code for the authenticator app" />
        <div>
          <p>1. Scan this with your authenticator app, or type its secret:</p>
          <p className="mono wrap">{secret.replaceAll(/(.{4})/g, '$1 ').trim()}</p>
        </div>
      </Group>
      <div>
        <p>2. Keep these for the day on which the telephone is gone:</p>
        <RecoveryCodes codes={offer.recoveryCodes} />
      </div>
      <form onSubmit={submit} noValidate>
        <p>3. Type what the app shows now:</p>
        <Group align="flex-end" gap="xs">
          <CodeInput
            description={null}
            inputMode="numeric"
            maw={160}
            {...form.getInputProps('code')}
          />
          <Button type="submit" loading={confirm.isPending}>
            Confirm
          </Button>
        </Group>
        <ErrorPanel error={confirm.error} title="It is not set up yet" />
      </form>
    </Stack>
  );
}
