package org.millwright.gate;

/**
 * One requirement of a gate.
 *
 * @param check a CEL expression over the gate's inputs that must be true
 * @param fix what to do when it is not
 */
public record Rule(String name, String check, String fix) {}
