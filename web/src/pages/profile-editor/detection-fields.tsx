import { NumberInput, SimpleGrid, Stack, Switch } from '@mantine/core';
import { itemErrors } from '../../components/form-errors.ts';
import { ListInput } from '../../components/list-input.tsx';
import { Panel } from '../../components/panel.tsx';
import type { ProfileFormApi } from './profile-form-api.ts';

/** What is asked of a port or host that answers. */
export function DetectionFields({ form }: { form: ProfileFormApi }) {
  const { options } = form.values;
  return (
    <Panel title="Detection">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Stack gap="sm">
            <Switch
              label="Product and version of each open service"
              description="Needs nmap; slower, and services notice it. Without it, names come from the port table."
              {...form.getInputProps('options.serviceDetection', { type: 'checkbox' })}
            />
            <NumberInput
              label="Version intensity"
              description="0 asks little, 9 tries every probe"
              min={0}
              max={9}
              allowDecimal={false}
              disabled={!options.serviceDetection}
              {...form.getInputProps('options.versionIntensity')}
            />
          </Stack>
          <Stack gap="sm">
            <Switch
              label="Operating system"
              description="Guessed from how the host answers. Needs nmap and its privileges."
              {...form.getInputProps('options.osDetection', { type: 'checkbox' })}
            />
            <Switch
              label="Names by reverse DNS"
              description="Asks the name server of this machine for each host that is up."
              {...form.getInputProps('options.reverseDns', { type: 'checkbox' })}
            />
          </Stack>
        </SimpleGrid>
        <ListInput
          label="NSE scripts"
          description="Needs nmap. By name, such as ssl-cert; several are set apart by commas."
          placeholder="ssl-cert"
          {...form.getInputProps('options.scripts')}
          value={options.scripts}
          error={itemErrors(form.errors, 'options.scripts', options.scripts)}
        />
      </Stack>
    </Panel>
  );
}
