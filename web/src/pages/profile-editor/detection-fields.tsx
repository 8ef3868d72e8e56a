import { NumberInput, SimpleGrid, Stack, Switch, TagsInput } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import type { ProfileFormApi } from './profile-form.tsx';

/** What is asked of a port or host that answers. */
export function DetectionFields({ form }: { form: ProfileFormApi }) {
  const { options } = form.values;
  return (
    <Panel title="Detection" note="Needs nmap">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Stack gap="sm">
            <Switch
              label="Product and version of each open service"
              description="Slower, and services notice it. Without it, names come from the port table."
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
              description="Guessed from how the host answers. Needs privileges."
              {...form.getInputProps('options.osDetection', { type: 'checkbox' })}
            />
            <Switch
              label="Names by reverse DNS"
              description="Asks the name server of this machine for each host that is up."
              {...form.getInputProps('options.reverseDns', { type: 'checkbox' })}
            />
          </Stack>
        </SimpleGrid>
        <TagsInput
          label="NSE scripts"
          description="By name, such as ssl-cert. Press Enter after each."
          placeholder={options.scripts.length === 0 ? 'ssl-cert' : ''}
          splitChars={[',', ' ']}
          maxTags={20}
          {...form.getInputProps('options.scripts')}
          error={scriptErrors(form)}
        />
      </Stack>
    </Panel>
  );
}

function scriptErrors({ errors, values }: ProfileFormApi): string | undefined {
  const texts = Object.entries(errors).filter(([path]) => path.startsWith('options.scripts'));
  const named = texts.map(([path, text]) => {
    const script = values.options.scripts[Number(path.split('.')[2])];
    return script ? `${script}: ${String(text)}` : String(text);
  });
  return named.join('; ') || undefined;
}
