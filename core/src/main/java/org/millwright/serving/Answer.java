package org.millwright.serving;

import org.millwright.scoring.Frame;

/** The answer to a request: which version gave it, under which request id, and the predictions row by row. */
public record Answer(String model, String version, String requestId, Frame predictions) {}
