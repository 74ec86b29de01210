"""faster-whisper as a peer of our engine: one JSON line in, one JSON line out.

Argument: the folder of a CTranslate2 model. Standard output's first line tells that the model is loaded.
Request: {"file": 16 kHz mono 16-bit WAV, "language": code or null, "task": "transcribe" | "translate", "prompt": text or null, "seed": n}.
The answer has the shape and the names of the API's verbose_json.

Chosen as the benchmark's table says: int8 on two threads, greedy (one beam) with the fallback over rising temperatures, words with times.
The prompt is faster-whisper's initial_prompt: of a recording that is longer than a window of 30 s, the first window alone has it, as with our
engine's API unless it is asked otherwise. best_of is 1, so that a retry costs one sample as ours does; the text before a window is not its prompt, as it is not in ours. The
rest are the library's defaults.
"""

import json
import sys
import wave

import ctranslate2
import numpy
from faster_whisper import WhisperModel


def read_samples(file):
    with wave.open(file) as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (16000, 1, 2), file
        pcm = numpy.frombuffer(audio.readframes(audio.getnframes()), dtype="<i2")
    return pcm.astype(numpy.float32) / 32768


def transcribe(model, request):
    ctranslate2.set_random_seed(request["seed"])
    found, info = model.transcribe(
        read_samples(request["file"]),
        language=request["language"],
        task=request["task"],
        initial_prompt=request["prompt"],
        beam_size=1,
        best_of=1,
        condition_on_previous_text=False,
        word_timestamps=True,
    )
    segments = list(found)
    return {
        "language": info.language,
        "text": "".join(segment.text for segment in segments),
        "segments": [
            {
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "temperature": segment.temperature,
                "avg_logprob": segment.avg_logprob,
                "compression_ratio": segment.compression_ratio,
                "no_speech_prob": segment.no_speech_prob,
            }
            for segment in segments
        ],
        "words": [
            {"word": word.word, "start": word.start, "end": word.end, "probability": word.probability}
            for segment in segments
            for word in segment.words
        ],
    }


def main():
    model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=2)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(transcribe(model, json.loads(line))), flush=True)


main()
