// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import ChangedLines from './content/ChangedLines.svelte';
import CopyButton from './content/CopyButton.svelte';
import Field from './form/Field.svelte';
import FieldGroup from './form/FieldGroup.svelte';
import SelectField from './form/SelectField.svelte';
import Toggle from './form/Toggle.svelte';
import { diffLines } from '../lib/format/changed-lines.ts';

describe('Field', () => {
  it('associates label, hint and error with the input', async () => {
    const children = createRawSnippet<[{ id: string }]>((attributes) => ({
      render: () => `<input id="${attributes().id}" />`,
    }));
    const { rerender } = render(Field, { label: 'Path', hint: 'Part of the gateway URL', children });
    expect(screen.getByLabelText('Path').tagName).toBe('INPUT');
    expect(screen.getByText('Part of the gateway URL')).toBeTruthy();
    await rerender({ error: 'taken' });
    expect(screen.getByRole('alert').textContent).toBe('taken');
    expect(screen.queryByText('Part of the gateway URL')).toBeNull();
  });
});

describe('FieldGroup', () => {
  it('labels the group and describes it with hint and error', async () => {
    const children = createRawSnippet(() => ({ render: () => '<input />' }));
    const hint = 'Headers for the server.';
    const { rerender } = render(FieldGroup, { legend: 'Credentials', hint, children });
    const group = screen.getByRole('group', { name: 'Credentials' });
    const describedBy = () =>
      (group.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    expect(describedBy()).toEqual([hint]);
    await rerender({ error: 'no such header' });
    expect(screen.getByRole('alert').textContent).toBe('no such header');
    expect(describedBy()).toEqual([hint, 'no such header']);
  });
});

describe('SelectField', () => {
  it('shows option labels and binds the value', async () => {
    const options = [
      { value: 'upstream', label: 'Upstream host' },
      { value: 'public', label: 'Gateway host' },
    ];
    render(SelectField, { label: 'Host header', options, value: 'public' });
    const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Host header' });
    expect(select.selectedOptions[0]?.text).toBe('Gateway host');
    await fireEvent.change(select, { target: { value: 'upstream' } });
    expect(select.selectedOptions[0]?.text).toBe('Upstream host');
  });
});

describe('Toggle', () => {
  it('is a switch that requests the opposite state', async () => {
    const onchange = vi.fn();
    render(Toggle, { label: 'Weather enabled', checked: true, onchange });
    const toggle = screen.getByRole('switch', { name: 'Weather enabled' });
    expect(toggle.getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(toggle);
    expect(onchange).toHaveBeenCalledWith(false);
  });
});

describe('ChangedLines', () => {
  it('escapes invisible characters, so that different texts look different', () => {
    const lines = diffLines('Adds two.', 'Adds\u200b \u202etwo.');
    render(ChangedLines, { lines, label: 'Changes to add' });
    expect(screen.getByLabelText('Changes to add').textContent).toContain('Adds\\u{200b} \\u{202e}two.');
  });
});

describe('CopyButton', () => {
  it('copies without a clipboard API (plain HTTP) and confirms it', async () => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    let copied = '';
    Reflect.set(document, 'execCommand', () => {
      copied = document.querySelector('textarea')?.value ?? '';
      return true;
    });
    render(CopyButton, { text: 'https://gw/weather/mcp', subject: 'the URL' });
    screen.getByRole('button', { name: 'Copy the URL' }).click();
    await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('Copied'));
    expect(copied).toBe('https://gw/weather/mcp');
    expect(document.querySelector('textarea')).toBeNull();
  });
});
