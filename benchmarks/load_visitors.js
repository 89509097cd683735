// Virtual users of a fleet, for k6: each looks, gives and pauses as a person does; some only hold a stream open.
// What is known of the fleet comes in a file (see load_people.py), whose name is in PEOPLE; the summary goes to the file SUMMARY.
// Light on purpose: k6 takes its share of the same processors that are measured.

import {sleep} from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import {Counter, Trend} from 'k6/metrics';
import {SharedArray} from 'k6/data';

const SECONDS = Number(__ENV.SECONDS), USERS = Number(__ENV.USERS), HOLDERS = Number(__ENV.HOLDERS);
const PAUSE = [5, 10];
const HOLD = 45;
const UPLOADS = 0.05, RESUMABLE = 0.01;
const {writing, reading} = JSON.parse(open(__ENV.PEOPLE)).addresses;
const people = new SharedArray('people', () => JSON.parse(open(__ENV.PEOPLE)).people);
const memo = open(__ENV.MEMO, 'b');

// From the request, or for what is given from its last byte, to the last byte of the answer; of streams, to the first.
const answered = new Trend('answered', true);
const wrong = new Counter('wrong');

const KINDS = [
    'list recordings', 'look at a recording', 'look at a job', 'read a transcript', 'read an entry', 'list entries', 'list days',
    'hear a piece', 'give a recording', 'follow its job', 'begin a resumable upload', 'send its bytes', 'open a stream',
];

const thresholds = {};
for (const kind of KINDS) {  // only what has a threshold stands in the summary by kind
    thresholds[`answered{kind:${kind}}`] = ['max>=0'];
    thresholds[`wrong{kind:${kind}}`] = ['count>=0'];
}

export const options = {
    scenarios: {
        users: {executor: 'constant-vus', vus: USERS, duration: `${SECONDS}s`, gracefulStop: '30s', exec: 'use'},
        holders: {executor: 'constant-vus', vus: HOLDERS, duration: `${SECONDS}s`, gracefulStop: '30s', exec: 'hold'},
    },
    discardResponseBodies: true,
    systemTags: [],
    summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
    thresholds,
};

const READS = [
    [12, 'list recordings', () => '/v1/recordings?limit=20'],
    [12, 'look at a recording', (person) => `/v1/recordings/${any(person.recordings)}`],
    [20, 'look at a job', (person) => `/v1/jobs/${any(person.jobs)}`],
    [12, 'read a transcript', (person) => `/v1/recordings/${any(person.recordings)}/transcript`],
    [16, 'read an entry', (person) => `/v1/recordings/${any(person.recordings)}/entry`],
    [8, 'list entries', () => '/v1/entries?limit=20'],
    [8, 'list days', () => '/v1/days'],
    [12, 'hear a piece', (person) => `/v1/recordings/${any(person.recordings)}/audio`, {Range: 'bytes=0-4095'}],
];
const WEIGHTS = READS.reduce((sum, [weight]) => sum + weight, 0);

let begun = false, followed = null;

export function use() {
    arrive();
    const person = people[(exec.vu.idInTest - 1) % people.length];
    const chance = Math.random();
    if (followed) {
        noted('follow its job', http.get(followed, asking(person)), [200]);
        followed = null;
    } else if (chance < UPLOADS) {
        give(person);
    } else if (chance < UPLOADS + RESUMABLE) {
        giveInPieces(person);
    } else {
        look(person);
    }
    sleep(PAUSE[0] + Math.random() * (PAUSE[1] - PAUSE[0]));
}

export function hold() {
    arrive();
    const person = people[(exec.vu.idInTest - 1) % people.length];
    const left = SECONDS - (Date.now() - exec.scenario.startTime) / 1000;
    const seconds = Math.round(Math.max(1, Math.min(HOLD * (0.7 + 0.6 * Math.random()), left)));
    const answer = http.get(`${reading}/v1/events?seconds=${seconds}`, asking(person, {}, seconds + 30));
    answered.add(answer.timings.waiting, {kind: 'open a stream'});
    if (answer.status !== 200 || answer.timings.duration < (seconds - 1) * 1000) {
        fail('open a stream', answer);
    }
}

function arrive() {  // nobody comes at the same moment as all others
    if (!begun) {
        begun = true;
        sleep(Math.random() * PAUSE[1]);
    }
}

function look(person) {
    let at = Math.random() * WEIGHTS;
    const [, kind, path, headers] = READS.find(([weight]) => (at -= weight) < 0);
    noted(kind, http.get(reading + path(person), asking(person, headers)), [200, 206]);
}

function give(person) {
    const body = {file: http.file(unique(), 'memo.wav', 'audio/wav')};
    const answer = http.post(`${writing}/v1/recordings`, body, asking(person));
    noted('give a recording', answer, [202], answer.timings.waiting + answer.timings.receiving);
    followed = answer.status === 202 ? absolute(answer.headers['Location']) : null;
}

function giveInPieces(person) {
    const bytes = unique(), tus = {'Tus-Resumable': '1.0.0'};
    const created = http.post(`${writing}/v1/tus`, null, asking(person, {...tus, 'Upload-Length': `${bytes.byteLength}`}));
    noted('begin a resumable upload', created, [201]);
    if (created.status !== 201) {
        return;
    }
    const headers = {...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream'};
    const sent = http.patch(absolute(created.headers['Location']), bytes, asking(person, headers));
    noted('send its bytes', sent, [204], sent.timings.waiting + sent.timings.receiving);
}

function noted(kind, answer, wanted, milliseconds = answer.timings.duration) {
    answered.add(milliseconds, {kind});
    if (!wanted.includes(answer.status)) {
        fail(kind, answer);
    }
}

function fail(kind, answer) {
    wrong.add(1, {kind});
    console.error(`${kind}: ${answer.status} ${answer.error}`);
}

function asking(person, headers = {}, patience = 60) {
    return {headers: {Authorization: `Bearer ${person.key}`, ...headers}, timeout: `${patience}s`};
}

function absolute(address) {
    return address.startsWith('/') ? writing + address : address;
}

function unique() {  // the same bytes twice would be one recording
    const bytes = new Uint8Array(memo.slice(0));
    for (let at = bytes.length - 16; at < bytes.length; at++) {
        bytes[at] = Math.random() * 256;
    }
    return bytes.buffer;
}

function any(list) {
    return list[Math.floor(Math.random() * list.length)];
}

export function handleSummary(data) {
    return {[__ENV.SUMMARY]: JSON.stringify(data.metrics)};
}
