import { Checkbox, NativeSelect, NumberInput, Stack } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import type { SignOnFormApi } from './sign-on-form-api.ts';

/** Who comes in, as whom, and for how long. */
export function AdmissionFields({ form }: { form: SignOnFormApi }) {
  const choice = (name: 'admitsNew' | 'linksByEmail' | 'passwordAllowed') =>
    form.getInputProps(name, { type: 'checkbox' });
  return (
    <Panel title="Who comes in">
      <Stack gap="md" maw={640}>
        <Checkbox
          label="People who are no members become members by coming in"
          description="With an account of this site alone, which goes with their membership. Otherwise they have to be invited first."
          {...choice('admitsNew')}
        />
        <Checkbox
          label="Members are known by their verified e-mail address"
          description="Whoever runs the provider can then be any member of this site but an owner. Once known, people are known by the provider's own name for them, never by the address."
          {...choice('linksByEmail')}
        />
        <Checkbox
          label="Members may also log in by password"
          description="Otherwise only owners may: so that somebody comes in when the provider is down."
          {...choice('passwordAllowed')}
        />
        <NativeSelect
          label="Second factor"
          description="Where this site demands one. What members have set up at NetDelta is not asked on this way."
          data={[
            { value: 'asserted', label: 'given when the provider says so (amr, acr)' },
            { value: 'always', label: 'always given: the provider asks everybody for it' },
          ]}
          {...form.getInputProps('secondFactor')}
        />
        <NumberInput
          label="A login lasts, hours"
          description="From 1 to 720. Then the provider is asked again, and who may not come in any more is out."
          min={1}
          max={720}
          maw={340}
          allowDecimal={false}
          clampBehavior="none"
          {...form.getInputProps('sessionHours')}
        />
      </Stack>
    </Panel>
  );
}
