import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../gateway/start-gateway.ts';

export type Json = Record<string, unknown>;
/** A call of a tool, and the expected request. */
interface Case {
  tool: string;
  given: Json;
  request: string;
  headers?: Record<string, string>;
  body?: unknown;
}

const read = (file: string) => readFileSync(join(ROOT, 'test/fixtures/openapi', file));
const FILE = { data: Buffer.from('a picture').toString('base64'), filename: 'a.png', contentType: 'image/png' };

/** Real descriptions of REST APIs (test/fixtures/openapi), and calls of their tools. */
export const APIS: {
  name: string;
  text: string;
  base: string;
  headers: Record<string, string>;
  tools: number;
  leftOut: number;
  cases: Case[];
}[] = [
  {
    name: 'discord',
    text: gunzipSync(read('discord/openapi.json.gz')).toString(),
    base: '/api/v10',
    headers: { Authorization: 'Bot discord-token' },
    tools: 242,
    leftOut: 0,
    cases: [
      { tool: 'get_my_application', given: {}, request: 'GET /applications/@me' },
      {
        tool: 'list_messages',
        given: { channel_id: '81', limit: 5, before: '99' },
        request: 'GET /channels/81/messages?before=99&limit=5',
      },
      {
        tool: 'create_message',
        given: {
          channel_id: '81',
          body: {
            content: 'hällo',
            embeds: [{ title: 'T', fields: [{ name: 'a', value: 'b', inline: true }] }],
            allowed_mentions: { parse: ['users', null] },
            components: [{ type: 1, components: [{ type: 2, style: 5, label: 'Go', url: 'https://example.com' }] }],
          },
        },
        request: 'POST /channels/81/messages',
        headers: { 'content-type': 'application/json' },
        body: {
          content: 'hällo',
          embeds: [{ title: 'T', fields: [{ name: 'a', value: 'b', inline: true }] }],
          allowed_mentions: { parse: ['users', null] },
          components: [{ type: 1, components: [{ type: 2, style: 5, label: 'Go', url: 'https://example.com' }] }],
        },
      },
      {
        tool: 'add_my_message_reaction',
        given: { channel_id: '81', message_id: '7', emoji_name: '👍' },
        request: 'PUT /channels/81/messages/7/reactions/%F0%9F%91%8D/@me',
      },
      {
        tool: 'create_guild_sticker',
        given: { guild_id: '5', body: { name: 'wave', tags: 'hello', file: FILE } },
        request: 'POST /guilds/5/stickers',
        body: { name: 'wave', tags: 'hello', file: 'a.png image/png a picture' },
      },
      {
        tool: 'delete_message',
        given: { channel_id: '81', message_id: '7' },
        request: 'DELETE /channels/81/messages/7',
      },
    ],
  },
  {
    name: 'box',
    text: gunzipSync(read('box/openapi.json.gz')).toString(),
    base: '/2.0',
    headers: { Authorization: 'Bearer box-token' },
    tools: 282,
    leftOut: 14,
    cases: [
      {
        tool: 'get_files_id',
        given: { file_id: '12', fields: ['id', 'name'], 'if-none-match': '1', 'x-rep-hints': '[jpg?dimensions=32x32]' },
        request: 'GET /files/12?fields=id,name',
        headers: { 'if-none-match': '1', 'x-rep-hints': '[jpg?dimensions=32x32]' },
      },
      {
        tool: 'get_search',
        given: { query: 'a & b', file_extensions: ['pdf', 'png'], size_range: [1, 2], limit: 3 },
        request: 'GET /search?query=a%20%26%20b&file_extensions=pdf,png&size_range=1,2&limit=3',
      },
      {
        tool: 'post_folders',
        given: { body: { name: 'New', parent: { id: '0' }, folder_upload_email: { access: 'open' } } },
        request: 'POST /folders',
        body: { name: 'New', parent: { id: '0' }, folder_upload_email: { access: 'open' } },
      },
      {
        tool: 'put_files_id_add_shared_link',
        given: { file_id: '12', fields: 'shared_link', body: { shared_link: { access: 'open', password: null } } },
        request: 'PUT /files/12?fields=shared_link',
        body: { shared_link: { access: 'open', password: null } },
      },
      {
        tool: 'put_folders_id_metadata_id_id',
        given: {
          ...{ folder_id: '3', scope: 'global', template_key: 'properties' },
          body: [{ op: 'add', path: '/a', value: 'b' }],
        },
        request: 'PUT /folders/3/metadata/global/properties',
        headers: { 'content-type': 'application/json-patch+json' },
        body: [{ op: 'add', path: '/a', value: 'b' }],
      },
      {
        tool: 'post_users_id_avatar',
        given: { user_id: '9', body: { pic: FILE } },
        request: 'POST /users/9/avatar',
        body: { pic: 'a.png image/png a picture' },
      },
    ],
  },
  {
    name: 'petstore',
    text: read('petstore/openapi.yaml').toString(),
    base: '/api/v3',
    headers: { api_key: 'petstore-key' },
    tools: 19,
    leftOut: 0,
    cases: [
      { tool: 'findPetsByStatus', given: { status: 'sold' }, request: 'GET /pet/findByStatus?status=sold' },
      { tool: 'findPetsByTags', given: { tags: ['a', 'b c'] }, request: 'GET /pet/findByTags?tags=a&tags=b%20c' },
      {
        tool: 'addPet',
        given: { body: { name: 'Rex', photoUrls: [], category: { id: 1, name: 'Dogs' }, tags: [{ name: 'x' }] } },
        request: 'POST /pet',
        body: { name: 'Rex', photoUrls: [], category: { id: 1, name: 'Dogs' }, tags: [{ name: 'x' }] },
      },
      { tool: 'updatePetWithForm', given: { petId: 1, name: 'a' }, request: 'POST /pet/1?name=a' },
      {
        tool: 'uploadFile',
        given: { petId: 1, additionalMetadata: 'm', body: FILE.data },
        request: 'POST /pet/1/uploadImage?additionalMetadata=m',
        headers: { 'content-type': 'application/octet-stream' },
        body: 'a picture',
      },
      {
        tool: 'createUsersWithListInput',
        given: { body: [{ username: 'one' }, { username: 'two' }] },
        request: 'POST /user/createWithList',
        body: [{ username: 'one' }, { username: 'two' }],
      },
      { tool: 'deletePet', given: { petId: 1 }, request: 'DELETE /pet/1' },
    ],
  },
];
