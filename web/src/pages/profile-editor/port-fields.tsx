import { NativeSelect, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { PortChoice } from '@netdelta/core/profile/options.ts';
import { Panel } from '../../components/panel.tsx';
import type { ProfileFormApi } from './profile-form-api.ts';

const ENGINES = [
  { value: 'auto', label: 'Automatic: built-in, helped by nmap, or nmap where only it can' },
  { value: 'nmap', label: 'nmap' },
  { value: 'connect', label: 'Built-in TCP connect (no UDP, no version detection)' },
];

const TECHNIQUES = [
  { value: 'auto', label: 'Automatic: SYN where allowed, else connect' },
  { value: 'syn', label: 'SYN (half-open; needs privileges)' },
  { value: 'connect', label: 'Full connect (needs none)' },
];

const CHOICES = [
  { value: 'none', label: 'None' },
  { value: 'top', label: 'The most common ones' },
  { value: 'list', label: 'A list' },
  { value: 'all', label: 'All 65,535' },
];

/** What is asked, and by what. */
export function PortFields({ form }: { form: ProfileFormApi }) {
  return (
    <Panel title="Ports">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <PortChoiceFields form={form} protocol="tcp" />
          <PortChoiceFields form={form} protocol="udp" />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <NativeSelect
            label="Engine"
            description="What sends the probes"
            data={ENGINES}
            {...form.getInputProps('options.engine')}
          />
          <NativeSelect
            label="TCP technique"
            description="How nmap asks a TCP port"
            data={TECHNIQUES}
            {...form.getInputProps('options.tcpTechnique')}
          />
        </SimpleGrid>
      </Stack>
    </Panel>
  );
}

interface PortChoiceProps {
  readonly form: ProfileFormApi;
  readonly protocol: 'tcp' | 'udp';
}

function PortChoiceFields({ form, protocol }: PortChoiceProps) {
  const name = protocol.toUpperCase();
  const path = `options.${protocol}`;
  const choice = form.values.options[protocol];
  return (
    <Stack gap="xs">
      <NativeSelect
        label={`${name} ports`}
        data={CHOICES}
        value={choice.kind}
        onChange={({ currentTarget: { value } }) => form.setFieldValue(path, startChoice(value))}
      />
      {choice.kind === 'top' && (
        <NumberInput
          label={`How many of the most common ${name} ports`}
          min={1}
          max={65_535}
          allowDecimal={false}
          thousandSeparator=","
          {...form.getInputProps(`${path}.count`)}
        />
      )}
      {choice.kind === 'list' && (
        <TextInput
          label={`${name} port list`}
          placeholder="22,80,443,8000-8100"
          classNames={{ input: 'mono' }}
          {...form.getInputProps(`${path}.ports`)}
        />
      )}
    </Stack>
  );
}

function startChoice(kind: string): PortChoice {
  if (kind === 'top') return { kind, count: 100 };
  if (kind === 'list') return { kind, ports: '' };
  return kind === 'all' ? { kind } : { kind: 'none' };
}
