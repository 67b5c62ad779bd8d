// Package tfdrift holds no code: it is the root of the house. Its test keeps
// the walls, the rules of who may import whom. Start reading at internal/drift,
// the vocabulary; then internal/detector, the one core that all events walk
// through; then functions/local, which wires everything in one process.
package tfdrift
