/** The command line: each command asks the API of {@code io.smc4j.diag} and shows the answer as text or, with {@code --json}, as JSON. */
package io.smc4j.cli;
