// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import CopyButton from './content/CopyButton.svelte';
import Diff from './content/Diff.svelte';
import Field from './form/Field.svelte';
import FieldGroup from './form/FieldGroup.svelte';
import SelectField from './form/SelectField.svelte';
import Toggle from './form/Toggle.svelte';

describe('Field', () => {
  it('ties label, hint and error to the input', async () => {
    const children = createRawSnippet<[{ id: string }]>((attributes) => ({
      render: () => `<input id="${attributes().id}" />`,
    }));
    const { rerender } = render(Field, { label: 'Path', hint: 'what agents call it', children });
    expect(screen.getByLabelText('Path').tagName).toBe('INPUT');
    expect(screen.getByText('what agents call it')).toBeTruthy();
    await rerender({ error: 'taken' });
    expect(screen.getByRole('alert').textContent).toBe('taken');
    expect(screen.queryByText('what agents call it')).toBeNull();
  });
});

describe('FieldGroup', () => {
  it('names its fields together, and tells hint and error of them', async () => {
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
  it('shows the options by their words and chooses the value', async () => {
    const options = [
      { value: 'upstream', label: 'Its own' },
      { value: 'public', label: 'The gateway’s' },
    ];
    render(SelectField, { label: 'Host header', options, value: 'public' });
    const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Host header' });
    expect(select.selectedOptions[0]?.text).toBe('The gateway’s');
    await fireEvent.change(select, { target: { value: 'upstream' } });
    expect(select.selectedOptions[0]?.text).toBe('Its own');
  });
});

describe('Toggle', () => {
  it('is a switch that asks for the other state', async () => {
    const onchange = vi.fn();
    render(Toggle, { label: 'Weather enabled', checked: true, onchange });
    const toggle = screen.getByRole('switch', { name: 'Weather enabled' });
    expect(toggle.getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(toggle);
    expect(onchange).toHaveBeenCalledWith(false);
  });
});

describe('Diff', () => {
  it('writes out what cannot be seen, so that two texts that differ look different', () => {
    render(Diff, { before: 'Adds two.', after: 'Adds\u200b \u202etwo.', what: 'Changes of add' });
    expect(screen.getByLabelText('Changes of add').textContent).toContain('Adds\\u{200b} \\u{202e}two.');
  });
});

describe('CopyButton', () => {
  it('copies without a clipboard API, as on plain http, and says so', async () => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    let copied = '';
    Reflect.set(document, 'execCommand', () => {
      copied = document.querySelector('textarea')?.value ?? '';
      return true;
    });
    render(CopyButton, { text: 'https://gw/weather/mcp', what: 'the address' });
    screen.getByRole('button', { name: 'Copy the address' }).click();
    await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('Copied'));
    expect(copied).toBe('https://gw/weather/mcp');
    expect(document.querySelector('textarea')).toBeNull();
  });
});
