import { Checkbox, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { discoveryChoice, type ScanOptions } from '@netdelta/core/profile/options.ts';
import { Panel } from '../../components/panel.tsx';
import type { ProfileFormApi } from './profile-form-api.ts';

const PATH = 'options.discovery';

/** How a scan finds out which hosts are up before it asks their ports. */
export function DiscoveryFields({ form }: { form: ProfileFormApi }) {
  const { discovery } = form.values.options;
  return (
    <Panel title="Host discovery">
      <Stack gap="sm">
        <Radio.Group
          label="Which addresses are asked their ports"
          value={discovery.kind}
          onChange={(kind) => form.setFieldValue(PATH, startDiscovery(kind))}
          error={form.errors[PATH]}
        >
          <Stack gap={6} mt={6}>
            <Radio value="standard" label="Those that answer the engine's own probes" />
            <Radio
              value="skip"
              label="Every address: slower, but finds hosts that answer no ping (nmap -Pn)"
            />
            <Radio value="probes" label="Those that answer the probes chosen here" />
          </Stack>
        </Radio.Group>
        {discovery.kind === 'probes' && <ProbeFields form={form} />}
      </Stack>
    </Panel>
  );
}

function ProbeFields({ form }: { form: ProfileFormApi }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      <Stack gap={8} justify="center">
        <Checkbox
          label="ICMP echo (ping)"
          {...form.getInputProps(`${PATH}.icmpEcho`, { type: 'checkbox' })}
        />
        <Checkbox
          label="ICMP timestamp"
          {...form.getInputProps(`${PATH}.icmpTimestamp`, { type: 'checkbox' })}
        />
      </Stack>
      <TextInput
        label="TCP SYN to ports"
        placeholder="22,443"
        {...form.getInputProps(`${PATH}.tcpSynPorts`)}
      />
      <TextInput
        label="TCP ACK to ports"
        placeholder="80"
        {...form.getInputProps(`${PATH}.tcpAckPorts`)}
      />
      <TextInput
        label="UDP to ports"
        placeholder="53,161"
        {...form.getInputProps(`${PATH}.udpPorts`)}
      />
    </SimpleGrid>
  );
}

function startDiscovery(kind: string): ScanOptions['discovery'] {
  return kind === 'probes'
    ? discoveryChoice.parse({ kind, icmpEcho: true, tcpSynPorts: '443', tcpAckPorts: '80' })
    : discoveryChoice.parse({ kind });
}
