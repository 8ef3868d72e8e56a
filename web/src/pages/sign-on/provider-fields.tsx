import { Button, CopyButton, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useCheckSignOn } from '../../api/sign-on.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Panel } from '../../components/panel.tsx';
import { Findings } from './findings.tsx';
import { requestOf } from './sign-on-draft.ts';
import type { SignOnFormApi } from './sign-on-form-api.ts';

interface ProviderFieldsProps {
  readonly form: SignOnFormApi;
  readonly redirectUri: string;
  readonly hasSecret: boolean | undefined;
}

/** Where the provider is, and how it knows NetDelta. */
export function ProviderFields({ form, redirectUri, hasSecret = false }: ProviderFieldsProps) {
  return (
    <Panel title="Identity provider">
      <Stack gap="sm" maw={640}>
        <RedirectUri uri={redirectUri} />
        <TextInput
          label="Label of the button"
          description='As in "Sign in with Acme"'
          {...form.getInputProps('label')}
        />
        <TextInput
          label="Issuer"
          description="The address by which the provider calls itself, exactly; below it lies /.well-known/openid-configuration"
          placeholder="https://login.example.org/realms/acme"
          classNames={{ input: 'mono' }}
          {...form.getInputProps('issuer')}
        />
        <TextInput
          label="Client id"
          classNames={{ input: 'mono' }}
          {...form.getInputProps('clientId')}
        />
        <PasswordInput
          label="Client secret"
          description={
            hasSecret
              ? 'There is one, which is never shown. Leave this empty to keep it.'
              : 'Empty: the provider knows NetDelta as a public client.'
          }
          autoComplete="off"
          {...form.getInputProps('clientSecret')}
        />
        <TextInput
          label="Scopes"
          description="What is asked for. Some providers tell the groups only for a scope of their own."
          classNames={{ input: 'mono' }}
          {...form.getInputProps('scopes')}
        />
        <TextInput
          label="Claim with the groups"
          description="A path with dots reaches into a claim, as in realm_access.roles"
          classNames={{ input: 'mono' }}
          {...form.getInputProps('groupsClaim')}
        />
        <Check form={form} />
      </Stack>
    </Panel>
  );
}

/** What has to be registered at the provider before anything works. */
function RedirectUri({ uri }: { uri: string }) {
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        readOnly
        flex="1 1 260px"
        label="Redirect URI"
        description="Register it at the provider, exactly so. Its host is the one by which people reach NetDelta (NETDELTA_PUBLIC_URL)."
        value={uri}
        classNames={{ input: 'mono' }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={uri}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

/** Looks at the provider as it is typed here, saved or not. */
function Check({ form }: { form: SignOnFormApi }) {
  const check = useCheckSignOn();
  const run = () => {
    const { issuer, clientId, scopes, groupsClaim, clientSecret } = requestOf(form.getValues());
    check.mutate({ issuer, clientId, scopes, groupsClaim, clientSecret });
  };
  return (
    <>
      <Group>
        <Button variant="default" loading={check.isPending} onClick={run}>
          Test the connection
        </Button>
      </Group>
      <ErrorPanel error={check.error} title="It was not tested" />
      {check.data && !check.isPending && <Findings findings={check.data.findings} />}
    </>
  );
}
