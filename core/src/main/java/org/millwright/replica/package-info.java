/** A process that only scores: what it answers with comes from a server, what it saw goes back there. */
@org.jspecify.annotations.NullMarked
package org.millwright.replica;
